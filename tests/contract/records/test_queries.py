"""What a query finds, alike on both databases. Source: dataverse-api 3.2 to 3.4."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from deskhand.core.errors import DeskhandError
from deskhand.core.ids import stable_id
from deskhand.entities.flowsession import FlowSession
from deskhand.entities.workflow import Workflow
from deskhand.odata.errors import QueryNotSupported, QueryTooLarge
from deskhand.odata.parser import parse_query
from deskhand.records import service
from deskhand.records.errors import QueryMeaningless, UnknownColumn, ValueMismatch
from deskhand.records.lists import Page
from deskhand.store.database import Database, Transaction
from tests.clock import StillClock
from tests.contract.records.people import ADA

START = StillClock().now()
MACHINE = stable_id("machine")
RUNS: Mapping[str, Mapping[str, Any]] = {
    "Alpha": {"statuscode": 4, "machineid": MACHINE, "startedon": START, "machinepercentcpuusage": 12.5},
    "beta": {"statuscode": 8, "startedon": START + timedelta(hours=1), "errorcode": "100% wrong"},
    "GAMMA": {"statuscode": 3, "errorcode": "alpha"},
    "Ärger's": {"statuscode": 2, "startedon": START + timedelta(days=1), "runduration": 2**40},
}
ALL = sorted(RUNS)


@pytest.fixture
def database(database: Database) -> Database:
    def create(tx: Transaction) -> None:
        for name, values in RUNS.items():
            service.create(tx, FlowSession, {"name": name, **values}, by=ADA.id)

    database.write(create)
    return database


def ask(database: Database, query: str) -> Page:
    reads = ADA.reads(FlowSession)
    return database.read(lambda tx: service.retrieve_multiple(tx, reads, FlowSession, parse_query(query)))


def names(database: Database, query: str) -> list[str]:
    return [row["name"] for row in ask(database, query).rows]


FILTERS: Mapping[str, list[str]] = {
    "statuscode eq 4": ["Alpha"],
    "4 eq statuscode": ["Alpha"],
    "3 lt statuscode": ["Alpha", "beta"],
    "statuscode ge 3 and statuscode le 4": ["Alpha", "GAMMA"],
    "statuscode ne 4": ["GAMMA", "beta", "Ärger's"],
    "statuscode gt 4 or statuscode lt 3": ["beta", "Ärger's"],
    "name eq 'ALPHA'": ["Alpha"],
    "name eq 'ärger''S'": ["Ärger's"],
    "name gt 'BETA'": ["GAMMA", "Ärger's"],
    "name eq errorcode": [],
    "errorcode eq 'ALPHA'": ["GAMMA"],
    "errorcode ne 'alpha'": ["Alpha", "beta", "Ärger's"],
    "not (errorcode eq 'alpha')": ["Alpha", "beta", "Ärger's"],
    "errorcode eq null": ["Alpha", "Ärger's"],
    "errorcode ne null": ["GAMMA", "beta"],
    "errorcode gt null": [],
    "not contains(errorcode,'wrong')": ["Alpha", "GAMMA", "Ärger's"],
    "contains(name,'A')": ["Alpha", "GAMMA", "beta"],
    "contains(name,'ÄR')": ["Ärger's"],
    "startswith(name,'g')": ["GAMMA"],
    "endswith(name,'TA')": ["beta"],
    "contains(name,'l_ha')": ["Alpha"],
    "startswith(name,'[a-b]')": ["Alpha", "beta"],
    "contains(errorcode,'[%]')": ["beta"],
    "contains(name,@p)&@p='amm'": ["GAMMA"],
    f"_machineid_value eq {MACHINE}": ["Alpha"],
    f"_machineid_value eq '{str(MACHINE).upper()}'": ["Alpha"],
    f"machineid eq {MACHINE}": ["Alpha"],
    "startedon eq 2026-03-01T08:00:00Z": ["Alpha"],
    "startedon gt 2026-03-01T10:00:00%2B02:00": ["beta", "Ärger's"],
    "startedon ge 2026-03-02": ["Ärger's"],
    "startedon lt createdon": [],
    "startedon le createdon": ["Alpha"],
    "machinepercentcpuusage eq 12.5": ["Alpha"],
    "machinepercentcpuusage gt 12": ["Alpha"],
    "runduration eq 1099511627776": ["Ärger's"],
    "statuscode in (4,8)": ["Alpha", "beta"],
    "name in ('ALPHA','Beta')": ["Alpha", "beta"],
    "errorcode in ('alpha',null)": ["Alpha", "GAMMA", "Ärger's"],
    'Microsoft.Dynamics.CRM.In(PropertyName=\'statuscode\',PropertyValues=["4","8"])': ["Alpha", "beta"],
    'Microsoft.Dynamics.CRM.In(PropertyName=\'name\',PropertyValues=["GAMMA","ärger\'s"])': [
        "GAMMA",
        "Ärger's",
    ],
    "Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=[])": [],
    f"Microsoft.Dynamics.CRM.In(PropertyName='machineid',PropertyValues=['{MACHINE}'])": ["Alpha"],
    "Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1='statuscode'&@p2=[\"2\"]": [
        "Ärger's"
    ],
    "Microsoft.Dynamics.CRM.NotIn(PropertyName='statuscode',PropertyValues=[4,8])": ["GAMMA", "Ärger's"],
    "Microsoft.Dynamics.CRM.NotIn(PropertyName='errorcode',PropertyValues=['alpha'])": [
        "Alpha",
        "beta",
        "Ärger's",
    ],
    'Microsoft.Dynamics.CRM.Between(PropertyName=\'statuscode\',PropertyValues=["3","4"])': [
        "Alpha",
        "GAMMA",
    ],
    'Microsoft.Dynamics.CRM.NotBetween(PropertyName=\'statuscode\',PropertyValues=["3","4"])': [
        "beta",
        "Ärger's",
    ],
    "Microsoft.Dynamics.CRM.Between(PropertyName='startedon',"
    'PropertyValues=["2026-03-01T00:00:00Z","2026-03-01T23:59:59Z"])': ["Alpha", "beta"],
    "true": ["Alpha", "GAMMA", "beta", "Ärger's"],
    "false": [],
    "not (statuscode eq 4 or (name eq 'beta' and not false))": ["GAMMA", "Ärger's"],
}


def test_a_filter_finds_the_same_rows_everywhere(database: Database) -> None:
    found = {text: sorted(names(database, f"$filter={text}")) for text in FILTERS}
    assert found == FILTERS


def test_a_list_is_sorted_without_regard_to_case_and_nothing_comes_first(database: Database) -> None:
    orders = {
        order: names(database, f"$orderby={order}")
        for order in (
            "statuscode",
            "statuscode desc",
            "startedon,statuscode",
            "startedon desc",
            "errorcode desc,statuscode desc",
        )
    }
    assert orders == {
        "statuscode": ["Ärger's", "GAMMA", "Alpha", "beta"],
        "statuscode desc": ["beta", "Alpha", "GAMMA", "Ärger's"],
        "startedon,statuscode": ["GAMMA", "Alpha", "beta", "Ärger's"],
        "startedon desc": ["Ärger's", "beta", "Alpha", "GAMMA"],
        "errorcode desc,statuscode desc": ["GAMMA", "beta", "Alpha", "Ärger's"],
    }
    assert names(database, "$filter=statuscode ne 2&$orderby=name") == ["Alpha", "beta", "GAMMA"]
    assert names(database, "$filter=statuscode ne 2&$orderby=name desc") == ["GAMMA", "beta", "Alpha"]


def test_a_row_has_the_columns_that_were_selected_its_key_and_its_version(database: Database) -> None:
    (row,) = ask(database, "$select=name,_machineid_value,statuscode&$filter=statuscode eq 4").rows
    run_id, version = row["flowsessionid"], row["versionnumber"]
    assert (type(run_id), type(version)) == (UUID, int)
    assert dict(row) == {
        "flowsessionid": run_id,
        "name": "Alpha",
        "machineid": MACHINE,
        "statuscode": 4,
        "versionnumber": version,
    }


@pytest.mark.parametrize("query", ["", "$select=*"])
def test_without_a_selection_all_but_stored_bytes_comes(database: Database, query: str) -> None:
    row = ask(database, query).rows[0]
    expected = {name for name in FlowSession.columns if not name.startswith("sealed")}
    assert set(row) == expected


def test_a_count_tells_the_whole_list_whatever_the_page(database: Database) -> None:
    page = ask(database, "$count=true&$filter=statuscode ne 2&$top=1&$orderby=name")
    assert ([row["name"] for row in page.rows], page.count, page.count_exceeded) == (["Alpha"], 3, False)
    assert ask(database, "").count is None
    reads = ADA.reads(FlowSession)
    query = parse_query("$filter=statuscode ne 2")
    assert database.read(lambda tx: service.count(tx, reads, FlowSession, query)) == 3


def test_a_count_stops_at_its_limit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskhand.records.lists.COUNT_LIMIT", 3)
    page = ask(database, "$count=true")
    assert (len(page.rows), page.count, page.count_exceeded) == (4, 3, True)


@pytest.mark.parametrize(
    ("query", "error", "message"),
    [
        (
            "$select=nmae",
            UnknownColumn,
            "Could not find a property named 'nmae' on type 'Microsoft.Dynamics.CRM.flowsession'. "
            "Did you mean ‘name’?",
        ),
        (
            "$filter=foo eq 1",
            UnknownColumn,
            "Could not find a property named 'foo' on type 'Microsoft.Dynamics.CRM.flowsession'.",
        ),
        (
            "$orderby=foo",
            UnknownColumn,
            "Could not find a property named 'foo' on type 'Microsoft.Dynamics.CRM.flowsession'.",
        ),
        (
            "$select=fencingtoken",
            UnknownColumn,
            "Could not find a property named 'fencingtoken' on type 'Microsoft.Dynamics.CRM.flowsession'.",
        ),
        (
            "$filter=sealedinputs ne null",
            UnknownColumn,
            "Could not find a property named 'sealedinputs' on type 'Microsoft.Dynamics.CRM.flowsession'. "
            "Did you mean ‘inputs’?",
        ),
        (
            "$filter=Microsoft.Dynamics.CRM.In(PropertyName='foo',PropertyValues=[1])",
            UnknownColumn,
            "Could not find a property named 'foo' on type 'Microsoft.Dynamics.CRM.flowsession'.",
        ),
        (
            "$filter=regardingobjectid_process/name eq 'x'",
            QueryNotSupported,
            "The path ‘regardingobjectid_process/name’ at position 1 in $filter is not supported by this "
            "version.",
        ),
        (
            "$orderby=inputs,errordetails",
            QueryNotSupported,
            "Sorting by the long text ‘errordetails’ at position 8 in $orderby is not supported by this "
            "version.",
        ),
        (
            "$filter=statuscode eq '4'",
            ValueMismatch,
            "Syntax error at position 15 in $filter: the column ‘statuscode’ is compared with something else "
            "than a whole number from -2147483648 to 2147483647.",
        ),
        (
            "$filter=_machineid_value eq 'x'",
            ValueMismatch,
            "Syntax error at position 21 in $filter: the column ‘machineid’ is compared with something else "
            "than a GUID.",
        ),
        (
            "$filter=name eq statuscode",
            ValueMismatch,
            "Syntax error at position 9 in $filter: the column ‘name’ is compared with something else than a "
            "column of type Edm.String.",
        ),
        (
            "$filter=name eq @p&@p=['a']",
            ValueMismatch,
            "Syntax error at position 9 in $filter: the column ‘name’ is compared with something else than "
            "one value.",
        ),
        (
            "$filter=name eq @p",
            QueryMeaningless,
            "Syntax error at position 9 in $filter: the alias ‘@p’ has no value; add &@p=….",
        ),
        (
            "$filter=1 eq 1",
            QueryMeaningless,
            "Syntax error at position 1 in $filter: one side of a comparison has to be a column.",
        ),
        (
            "$filter=name",
            QueryMeaningless,
            "Syntax error at position 1 in $filter: ‘name’ is not true or false, so compare it with "
            "something.",
        ),
        (
            "$filter=contains('x',name)",
            QueryMeaningless,
            "Syntax error at position 1 in $filter: contains takes a column first.",
        ),
        (
            "$filter=contains(statuscode,'4')",
            QueryMeaningless,
            "Syntax error at position 1 in $filter: contains takes a column of texts and a text in quotes.",
        ),
        (
            f"$filter=contains(name,'{'x' * 4_001}')",
            QueryTooLarge,
            "The text of contains has too many characters: at most 4000 are read; send a smaller query.",
        ),
        (
            "$filter=Microsoft.Dynamics.CRM.In(PropertyName='name')",
            QueryMeaningless,
            "Syntax error at position 1 in $filter: In takes PropertyName='…' and PropertyValues=[…].",
        ),
        (
            "$filter=Microsoft.Dynamics.CRM.Between(PropertyName='statuscode',PropertyValues=['1'])",
            QueryMeaningless,
            "Syntax error at position 1 in $filter: Between takes two values.",
        ),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_its_place(
    database: Database, query: str, error: type[DeskhandError], message: str
) -> None:
    with pytest.raises(error) as caught:
        ask(database, query)
    assert str(caught.value) == message


def test_true_or_false_columns_may_stand_alone(database: Database) -> None:
    def create(tx: Transaction) -> None:
        service.create(tx, Workflow, {"name": "managed", "ismanaged": True}, by=ADA.id)
        service.create(tx, Workflow, {"name": "own"}, by=ADA.id)

    database.write(create)
    reads = ADA.reads(Workflow)

    def find(text: str) -> list[str]:
        query = parse_query(f"$filter={text}")
        page = database.read(lambda tx: service.retrieve_multiple(tx, reads, Workflow, query))
        return [row["name"] for row in page.rows]

    assert [find("ismanaged"), find("not ismanaged"), find("ismanaged eq true")] == [
        ["managed"],
        ["own"],
        ["managed"],
    ]


def test_a_filter_with_as_many_conditions_as_are_read_is_answered(database: Database) -> None:
    text = " or ".join(["statuscode eq 4"] * 500)
    assert names(database, f"$filter={text}") == ["Alpha"]
    nested = "(" * 49 + "statuscode eq 4" + " and statuscode ne 8)" * 49
    assert names(database, f"$filter={nested}") == ["Alpha"]


def test_a_filter_with_very_many_values_is_answered(database: Database) -> None:
    values = ",".join(str(number) for number in range(8_000))
    assert sorted(names(database, f"$filter=statuscode in ({values})")) == ALL
