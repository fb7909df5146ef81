import ipaddress

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from core.addresses import is_allowed, is_public, url_refusal


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "223.255.255.255", "2606:4700:4700::1111", "2a00::1"])
def test_is_public_an_address_of_the_internet(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",  # Alibaba metadata
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",  # Azure host
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.170",
        "192.0.0.192",  # Oracle metadata
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::10.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",  # no resolver has a reason to answer this
        "::ffff:0:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",  # Teredo
        "2001:0:53aa:64c::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",  # AWS metadata
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_is_public_a_special_address(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "8.8.8.8 ", "[::1]"]
)
def test_is_public_not_an_address(text):
    assert not is_public(text)


@run(deadline=None)
@given(st.ip_addresses())
def test_is_public_never_wider_than_the_standard_library(address):
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast and not address.is_private)


@run(deadline=None)
@given(st.ip_addresses(v=4))
def test_is_public_no_ipv6_form_carries_an_ipv4_address(inner):
    number = int(inner)
    forms = [
        number,  # ::/96
        (0xFFFF << 32) + number,  # mapped
        (0x64FF9B << 96) + number,  # NAT64
        (0x64FF9B0001 << 80) + number,
        (0x2002 << 112) + (number << 80) + 1,  # 6to4
        (0x20010000 << 96) + (number ^ 0xFFFFFFFF),  # Teredo
    ]
    assert [str(ipaddress.IPv6Address(form)) for form in forms if is_public(str(ipaddress.IPv6Address(form)))] == []


def test_is_allowed_exactly_the_named_host_and_port(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9001", "[::1]:9001"]
    assert is_allowed("127.0.0.1", 9001)
    assert is_allowed("::1", 9001)
    assert not is_allowed("127.0.0.1", 9002)
    assert not is_allowed("localhost", 9001)


def test_url_refusal_of_an_allowed_host_may_be_http_on_any_port(settings):
    settings.OUTBOUND_ALLOW = ["n8n:9001"]
    assert url_refusal(scheme="http", host="n8n", port=9001) is None


def test_url_refusal_of_an_allowed_host_still_needs_http(settings):
    settings.OUTBOUND_ALLOW = ["n8n:9001"]
    assert url_refusal(scheme="ftp", host="n8n", port=9001) == "The URL must begin with https:// and name a host."


@pytest.mark.parametrize("port", [443, 5678, 8443])
def test_url_refusal_none_for_a_public_name(port):
    assert url_refusal(scheme="https", host="n8n.example.com", port=port) is None
