"""What documents keep of a member: those they added stay their site's."""

from __future__ import annotations

from incubator.domain.documents.models import Document, DocumentVersion
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "documents": Part(Document, (Document.created_by_id,), secret=("once",)),
        "versions": Part(DocumentVersion, (DocumentVersion.uploaded_by_id,)),
    }
)
