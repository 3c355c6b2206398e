"""``EntityDefinitions``: what the tables are, as clients read it before they use one.

Source: dataverse-api 6.2. Everything follows from the declarations; ids never change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deskhand.core.ids import stable_id
from deskhand.entities.declare import (
    REGISTRY,
    AccessRight,
    Choice,
    Column,
    DateTime,
    Double,
    Entity,
    File,
    Integer,
    Lookup,
    Memo,
    State,
    Status,
    String,
)
from deskhand.records.serialize import readable_columns

Definition = dict[str, Any]

ENGLISH = 1033
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def entity_definitions() -> Iterator[Definition]:
    """Yield the definition of every table that clients see, by logical name."""
    for _, entity in sorted(REGISTRY.items()):
        yield entity_definition(entity)


def entity_definition(entity: type[Entity]) -> Definition:
    """Return the definition of one table, without its columns."""
    title = _WORD.sub(" ", entity.__name__)
    return {
        "MetadataId": str(stable_id("entity", entity.logical_name)),
        "LogicalName": entity.logical_name,
        "SchemaName": entity.schema_name,
        "EntitySetName": entity.set_name,
        "LogicalCollectionName": entity.set_name,
        "CollectionSchemaName": entity.set_name,
        "PrimaryIdAttribute": entity.primary_key,
        "PrimaryNameAttribute": entity.primary_name if entity.primary_name in entity.columns else None,
        "ObjectTypeCode": entity.type_code,
        "OwnershipType": entity.ownership.value,
        "TableType": "Standard",
        "IsPrivate": False,
        "IsCustomEntity": False,
        "IsActivity": False,
        "IsValidForAdvancedFind": True,
        "HasChanged": None,
        "DisplayName": _label(title),
        "DisplayCollectionName": _label(f"{title}s"),
        "Description": _label((entity.__doc__ or "").partition("\n")[0]),
    }


def attribute_definitions(entity: type[Entity]) -> Iterator[Definition]:
    """Yield the definition of every column of a table that clients see."""
    for column in readable_columns(entity):
        yield attribute_definition(entity, column)


def attribute_definition(entity: type[Entity], column: Column) -> Definition:
    """Return the definition of one column; choices carry their ``OptionSet``."""
    kind = column.attribute_type
    is_key = column.name == entity.primary_key
    needed = "SystemRequired" if is_key else "ApplicationRequired" if column.required else "None"
    return {
        "@odata.type": f"#Microsoft.Dynamics.CRM.{kind}AttributeMetadata",
        "MetadataId": str(stable_id("attribute", entity.logical_name, column.name)),
        "LogicalName": column.name,
        "SchemaName": column.navigation_property if isinstance(column, Lookup) else column.name,
        "EntityLogicalName": entity.logical_name,
        "AttributeType": _LEGACY_TYPES.get(kind, kind),
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "IsPrimaryId": is_key,
        "IsPrimaryName": column.name == entity.primary_name,
        "IsValidForCreate": column.writable and AccessRight.CREATE in entity.client_writes,
        "IsValidForRead": True,
        "IsValidForUpdate": column.writable and not is_key and AccessRight.WRITE in entity.client_writes,
        "RequiredLevel": {"Value": needed},
        "DisplayName": _label(column.name),
        "Description": _label(column.doc),
        **_particulars(entity, column),
    }


_LEGACY_TYPES: Mapping[str, str] = {"File": "Virtual"}
"""``AttributeType`` values that differ from the type's own name: the older enumeration lacks some."""


def _particulars(entity: type[Entity], column: Column) -> Definition:
    """Return what only columns of one kind have."""
    match column:
        case Choice():
            return {"OptionSet": option_set(entity, column)}
        case String() | Memo():
            return {"MaxLength": column.max_length, "Format": _text_format(column)}
        case Integer():
            return {"MinValue": column.least, "MaxValue": column.most, "Format": "None"}
        case Double():
            return {"MinValue": None, "MaxValue": None, "Precision": 2}
        case DateTime():
            return {"Format": "DateAndTime", "DateTimeBehavior": {"Value": "UserLocal"}}
        case Lookup():
            return {"Targets": [column.target], "Format": "None"}
        case File():
            return {"MaxSizeInKB": column.max_kb}
        case _:
            return {}


def _text_format(column: Column) -> str:
    return "TextArea" if isinstance(column, Memo) else "Text"


def option_set(entity: type[Entity], column: Choice) -> Definition:
    """Return the options of a choice with their labels."""
    return {
        "MetadataId": str(stable_id("optionset", entity.logical_name, column.name)),
        "Name": f"{entity.logical_name}_{column.name}",
        "IsGlobal": False,
        "OptionSetType": column.attribute_type,
        "Options": [_option(entity, column, int(value)) for value in column.options],
    }


def _option(entity: type[Entity], column: Choice, value: int) -> Definition:
    label = column.label(value)
    option: Definition = {"Value": value, "Label": _label(label)}
    if isinstance(column, Status):
        option["State"] = column.state_of(value)
    if isinstance(column, State):
        option["InvariantName"] = label
        option["DefaultStatus"] = _default_status(entity, value)
    return option


def _default_status(entity: type[Entity], state: int) -> int | None:
    """Return the first status that belongs to a state."""
    status = entity.columns["statuscode"]
    assert isinstance(status, Status)
    return next((int(value) for value in status.options if status.state_of(int(value)) == state), None)


def many_to_one(entity: type[Entity]) -> Iterator[Definition]:
    """Yield the relationships in which rows of a table point to others."""
    for column in readable_columns(entity):
        if isinstance(column, Lookup) and column.target in REGISTRY:
            yield _relationship(entity, column, REGISTRY[column.target])


def one_to_many(entity: type[Entity]) -> Iterator[Definition]:
    """Yield the relationships in which rows of other tables point to this one."""
    for _, other in sorted(REGISTRY.items()):
        for relationship in many_to_one(other):
            if relationship["ReferencedEntity"] == entity.logical_name:
                yield relationship


def key_definitions(entity: type[Entity]) -> Iterator[Definition]:
    """Yield the alternate keys of a table. Source: dataverse-api 4.9."""
    for columns in entity.alternate_keys:
        name = f"{entity.logical_name}_{'_'.join(columns)}"
        yield {
            "MetadataId": str(stable_id("key", name)),
            "LogicalName": name,
            "SchemaName": name,
            "EntityLogicalName": entity.logical_name,
            "KeyAttributes": list(columns),
            "EntityKeyIndexStatus": "Active",
        }


def _relationship(entity: type[Entity], column: Lookup, target: type[Entity]) -> Definition:
    name = f"{target.logical_name}_{entity.logical_name}_{column.name}"
    return {
        "MetadataId": str(stable_id("relationship", name)),
        "SchemaName": name,
        "RelationshipType": "OneToManyRelationship",
        "ReferencedEntity": target.logical_name,
        "ReferencedAttribute": target.primary_key,
        "ReferencingEntity": entity.logical_name,
        "ReferencingAttribute": column.name,
        "ReferencingEntityNavigationPropertyName": column.navigation_property,
    }


def _label(text: str) -> Definition:
    localized = {"Label": text, "LanguageCode": ENGLISH}
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}
