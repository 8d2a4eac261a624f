"""Rows of the documents and of their versions; the files lie beside the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.kernel.fulltext import Tokens
from incubator.kernel.orphans import kept_in
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

# Where the files lie, in the uploads.
FOLDER = "documents"


class Document(Base):
    """A document of a site, or without ``site_id`` of the network.

    ``audience`` is «site» (who lives there), «network» or «managers» of the site.
    """

    __tablename__ = "documents_document"
    __table_args__ = (
        CheckConstraint("audience IN ('site', 'network', 'managers')", name="audience"),
        CheckConstraint("site_id IS NOT NULL OR audience <> 'site'", name="somewhere"),
        UniqueConstraint("created_by_id", "once"),
        Index("ix_documents_document_site_id", "site_id", "removed_at", "sort_title", "id"),
    )

    id: Mapped[Id]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    title: Mapped[str] = mapped_column(String(120))
    sort_title: Mapped[str] = mapped_column(
        String(120).with_variant(String(120, collation="C"), "postgresql")
    )
    about: Mapped[str] = mapped_column(String(300), default="")
    audience: Mapped[str] = mapped_column(String(8))
    once: Mapped[str] = mapped_column(String(40))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    site: Mapped[Site | None] = relationship(lazy="raise")
    versions: Mapped[list[DocumentVersion]] = relationship(
        lazy="raise", back_populates="document", order_by="DocumentVersion.number.desc()"
    )


class DocumentTokens(Base):
    """What is searched of a document that is on the shelf."""

    __tablename__ = "documents_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents_document.id"), unique=True)
    tokens: Mapped[str] = mapped_column(Tokens)


class DocumentVersion(Base):
    """A file of a document; ``size`` is in bytes, ``kind`` as in ``kernel.stored_files``."""

    __tablename__ = "documents_version"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("number > 0 AND size > 0", name="numbers"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents_document.id"))
    number: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(32), info=kept_in(FOLDER))
    file_name: Mapped[str] = mapped_column(String(140))
    kind: Mapped[str] = mapped_column(String(4))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(200), default="")
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    uploaded_at: Mapped[datetime]

    document: Mapped[Document] = relationship(lazy="raise", back_populates="versions")
    uploaded_by: Mapped[Member] = relationship(lazy="raise")
