"""Which addresses a callback may go to."""

import pytest

from deskhand.orchestrator.callback_urls import parse_callback_url
from deskhand.orchestrator.errors import CallbackUrlRefused
from deskhand.outbound.urls import HttpUrl


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", HttpUrl("https", "example.org", 443, "/")),
        ("HTTPS://Example.ORG/Done?id=1&x=%20", HttpUrl("https", "example.org", 443, "/Done?id=1&x=%20")),
        ("https://example.org:8443/a/b", HttpUrl("https", "example.org", 8443, "/a/b")),
        ("https://example.org./done", HttpUrl("https", "example.org", 443, "/done")),
        ("https://intranet/done", HttpUrl("https", "intranet", 443, "/done")),
        ("https://a_b.xn--bcher-kva.example/", HttpUrl("https", "a_b.xn--bcher-kva.example", 443, "/")),
        ("https://1.2.3.4.example.org/", HttpUrl("https", "1.2.3.4.example.org", 443, "/")),
        ("https://example.org/done#part", HttpUrl("https", "example.org", 443, "/done")),
        ("https://localhost.example.org/", HttpUrl("https", "localhost.example.org", 443, "/")),
    ],
)
def test_https_addresses_with_a_dns_name_are_taken(text: str, url: HttpUrl) -> None:
    assert parse_callback_url(text) == url


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("http://example.org/", "begins with ‘http’"),
        ("ftp://example.org/", "begins with ‘ftp’"),
        ("example.org/done", "begins with ‘example.org/’"),
        ("//example.org/done", "begins with ‘//example.or’"),
        ("", "holds a blank, a backslash or a character outside ASCII"),
        ("https://", "names no host"),
        ("https://./", "names no host"),
        ("https://:443/", "names no host"),
        ("https:/example.org/", "names no host"),
        ("https://localhost/", "leads back to this computer (‘localhost’)"),
        ("https://LOCALHOST./", "leads back to this computer (‘localhost’)"),
        ("https://app.localhost/", "leads back to this computer (‘app.localhost’)"),
        ("https://127.0.0.1/", "names the IP address ‘127.0.0.1’"),
        ("https://127.0.0.1./", "names the IP address ‘127.0.0.1’"),
        ("https://127.1/", "names the IP address ‘127.1’"),
        ("https://2130706433/", "names the IP address ‘2130706433’"),
        ("https://0x7f000001/", "names the IP address ‘0x7f000001’"),
        ("https://0x7f.1/", "names the IP address ‘0x7f.1’"),
        ("https://0177.0.0.01/", "names the IP address ‘0177.0.0.01’"),
        ("https://127.0.0.0x1/", "names the IP address ‘127.0.0.0x1’"),
        ("https://10.0.0.5/", "names the IP address ‘10.0.0.5’"),
        ("https://[::1]/", "names the IP address ‘::1’"),
        ("https://[::ffff:127.0.0.1]/", "names the IP address ‘::ffff:127.0.0.1’"),
        ("https://user@example.org/", "holds a user name"),
        ("https://user:word@example.org/", "holds a user name"),
        ("https://example.org@127.0.0.1/", "holds a user name"),
        ("https://example.org\\@127.0.0.1/", "holds a blank, a backslash or a character outside ASCII"),
        ("https://example.org/ done", "holds a blank, a backslash or a character outside ASCII"),
        ("https://example.org/\r\nX: y", "holds a blank, a backslash or a character outside ASCII"),
        ("https://ex\tample.org/", "holds a blank, a backslash or a character outside ASCII"),
        ("https://example.org/done\n", "holds a blank, a backslash or a character outside ASCII"),
        ("https://bücher.example/", "holds a blank, a backslash or a character outside ASCII"),
        ("https://127。0。0。1/", "holds a blank, a backslash or a character outside ASCII"),
        ("https://%31%32%37.0.0.1/x", "names the IP address ‘%31%32%37.0.0.1’"),
        ("https://%6cocalhost/", "names ‘%6cocalhost’, which is no DNS name"),
        ("https://-example.org/", "names ‘-example.org’, which is no DNS name"),
        ("https://exa..mple.org/", "names ‘exa..mple.org’, which is no DNS name"),
        ("https://example.org:0/", "names port 0"),
        ("https://example.org:99999/", "is not a URL (Port out of range 0-65535)"),
        ("https://example.org:8a/", "is not a URL (Port could not be cast to integer value as '8a')"),
        ("https://[::1/", "is not a URL (Invalid IPv6 URL)"),
    ],
)
def test_everything_else_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(CallbackUrlRefused) as refused:
        parse_callback_url(text)
    assert refused.value.problem == problem


def test_a_url_has_at_most_2000_characters() -> None:
    longest = "https://example.org/" + "a" * 1_980
    assert parse_callback_url(longest).target == "/" + "a" * 1_980
    with pytest.raises(CallbackUrlRefused, match="has 2001 characters; 2000 are allowed"):
        parse_callback_url(longest + "a")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:8000/done", HttpUrl("http", "127.0.0.1", 8000, "/done")),
        ("http://localhost:8000/", HttpUrl("http", "localhost", 8000, "/")),
        ("https://[::1]:8443/", HttpUrl("https", "::1", 8443, "/")),
        ("http://example.org", HttpUrl("http", "example.org", 80, "/")),
    ],
)
def test_test_set_ups_may_call_themselves(text: str, url: HttpUrl) -> None:
    assert parse_callback_url(text, allow_insecure=True) == url


@pytest.mark.parametrize("text", ["ftp://example.org/", "http://user@example.org/", "http://2130706433/"])
def test_even_test_set_ups_keep_some_rules(text: str) -> None:
    with pytest.raises(CallbackUrlRefused):
        parse_callback_url(text, allow_insecure=True)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("https://example.org/", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("https://example.org:8443/", "example.org:8443"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_the_host_header_names_a_port_only_where_it_is_unusual(text: str, header: str) -> None:
    assert parse_callback_url(text, allow_insecure=True).host_header == header
