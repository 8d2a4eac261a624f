"""What the log says of a member: what they did, and what was done about them."""

from incubator.kernel.personal import Part, PersonalData
from incubator.reactions.audit.models import AuditEntry

personal_data = PersonalData({"log": Part(AuditEntry, (AuditEntry.actor_id, AuditEntry.member_id))})
