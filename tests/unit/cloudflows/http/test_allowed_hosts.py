"""Which hosts cloud flows may call."""

from ipaddress import ip_address

import pytest

from deskhand.cloudflows.http.allowed_hosts import parse_allowed_hosts
from deskhand.cloudflows.http.errors import AddressForbidden
from deskhand.core.settings import BadSetting


@pytest.mark.parametrize(
    ("setting", "host", "addresses"),
    [
        ("", "api.example", ["93.184.216.34", "2606:2800:220:1::1"]),
        ("erp.corp.example other", "erp.corp.example", ["10.0.0.5", "::1"]),
        ("ERP", "erp", ["10.0.0.5"]),
        ("10.0.0.0/8", "erp", ["10.1.2.3", "93.184.216.34", "::ffff:10.1.2.3"]),
        ("127.0.0.1 ::1", "localhost", ["127.0.0.1", "::1"]),
        ("fd00::/8\n10.0.0.0/8", "erp", ["fd12::1", "10.0.0.1"]),
    ],
)
def test_what_is_public_or_named_may_be_called(setting: str, host: str, addresses: list[str]) -> None:
    parse_allowed_hosts(setting).check(host, [ip_address(one) for one in addresses])


@pytest.mark.parametrize(
    ("setting", "host", "addresses", "forbidden"),
    [
        ("", "10.0.0.5", ["10.0.0.5"], "10.0.0.5"),
        ("", "metadata.example", ["93.184.216.34", "169.254.169.254"], "169.254.169.254"),
        ("corp.example", "erp.corp.example", ["10.0.0.5"], "10.0.0.5"),
        ("10.0.0.0/8", "erp", ["10.0.0.1", "11.0.0.1", "127.0.0.1"], "127.0.0.1"),
        ("0.0.0.0/0", "erp", ["::1"], "::1"),
    ],
)
def test_everything_else_is_out_of_bounds(
    setting: str, host: str, addresses: list[str], forbidden: str
) -> None:
    with pytest.raises(AddressForbidden) as refused:
        parse_allowed_hosts(setting).check(host, [ip_address(one) for one in addresses])
    assert (refused.value.host, refused.value.address) == (host, forbidden)


@pytest.mark.parametrize("setting", ["10.0.0.1/8", "https://erp", "erp:8080", "*.corp.example", "erp,crm"])
def test_a_setting_that_says_something_else_is_refused(setting: str) -> None:
    with pytest.raises(BadSetting, match="http_allowed_hosts"):
        parse_allowed_hosts(setting)
