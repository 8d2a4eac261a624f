"""What invoices keep of a member: what they wrote for a firm, which the law makes the firm keep."""

from __future__ import annotations

from incubator.domain.exchanges.invoices.models import Identity, Invoice, Setoff, SetoffConsent
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "invoices": Part(Invoice, (Invoice.made_by_id,)),
        "invoice_identities": Part(Identity, (Identity.by_id,)),
        "setoffs": Part(Setoff, (Setoff.made_by_id,)),
        "setoff_consents": Part(SetoffConsent, (SetoffConsent.person_id,)),
    }
)
