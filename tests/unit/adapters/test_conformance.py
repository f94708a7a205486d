"""Every adapter of this tree passes the conformance tests that agencies get with the SDK."""

from samsyn_adapter_sdk.testing import AdapterConformance

from tests.support.opened_adapters import municipality, police, work_environment


class TestPolice(AdapterConformance):
    open = staticmethod(police)
    quiet_seconds = 0.05


class TestWorkEnvironmentAuthority(AdapterConformance):
    open = staticmethod(work_environment)
    quiet_seconds = 0.05


class TestMunicipality(AdapterConformance):
    open = staticmethod(municipality)
    quiet_seconds = 0.05
