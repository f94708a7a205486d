"""Every adapter of this tree passes the conformance tests that agencies get with the SDK."""

from samsyn_adapter_sdk.testing import AdapterConformance

from tests.support.opened_adapters import calendar_agency, city, feed, police, tax_agency, work_environment


class TestPolice(AdapterConformance):
    open = staticmethod(police)
    quiet_seconds = 0.05


class TestWorkEnvironmentAuthority(AdapterConformance):
    open = staticmethod(work_environment)
    quiet_seconds = 0.05


class TestTaxAgency(AdapterConformance):
    open = staticmethod(tax_agency)


class TestCity(AdapterConformance):
    open = staticmethod(city)


class TestPublishedEvents(AdapterConformance):
    open = staticmethod(feed)


class TestAgencyWithoutAnAdapterOfItsOwn(AdapterConformance):
    open = staticmethod(calendar_agency)
    quiet_seconds = 0.05
