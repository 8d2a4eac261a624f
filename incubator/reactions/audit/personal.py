"""What the log says of a member: what they did, what was done about them, their timeline."""

from incubator.kernel.personal import Part, PersonalData
from incubator.reactions.audit.models import AuditEntry
from incubator.reactions.audit.own_models import OwnLine

personal_data = PersonalData(
    {
        "log": Part(AuditEntry, (AuditEntry.actor_id, AuditEntry.member_id)),
        "timeline": Part(OwnLine, (OwnLine.member_id,)),
    }
)
