"""The audit log, for auditors: read only."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.permissions import Permission
from app.queries import audit
from app.web.access import requires


@requires(Permission.SEE_AUDIT)
def index() -> ResponseReturnValue:
    """The list, filtered and paged."""
    args = request.args
    filters = {
        "search": args.get("search", "").strip()[:100],
        "action": args.get("action", ""),
        "sort": args.get("sort", "newest"),
    }
    return render_template(
        "audit/index.html",
        page=audit.entries(**filters, page=args.get("page", 1, type=int)),
        filters=filters,
        actions=audit.actions(),
        act_name=act_name,
    )


def act_name(action: str) -> str:
    """What an act is called; one without a name shows its code."""
    names: dict[str, str] = {
        "accommodation.approved": _("Accommodation approved"),
        "accommodation.revoked": _("Accommodation revoked"),
        "account.created": _("Account created"),
        "account.disabled": _("Account disabled"),
        "account.email_set": _("E-mail address set"),
        "account.enabled": _("Account enabled"),
        "account.password_changed": _("Password changed"),
        "account.password_reset": _("First password given"),
        "account.roles_set": _("Roles set"),
        "answer_file.taken_in": _("Answer file taken in"),
        "appeal.answered": _("Appeal answered"),
        "appeal.assigned": _("Appeal taken on"),
        "appeal.filed": _("Appeal filed"),
        "appeal.graded_again": _("Graded again on appeal"),
        "appeal.mark_corrected": _("Mark corrected on appeal"),
        "appeal.withdrawn": _("Appeal withdrawn"),
        "attempt.voided": _("Attempt declared void"),
        "attempts.irregularity": _("Irregularity reported"),
        "attempts.paused": _("Exam paused"),
        "attempts.resumed": _("Exam going on again"),
        "attempts.submitted": _("Handed in by the proctor"),
        "attempts.time_added": _("Minutes added"),
        "certificate.decided": _("Certificate decided on"),
        "certificate.issued": _("Certificate issued"),
        "certificate.kept": _("Certificate kept after a review"),
        "certificate.revoked": _("Certificate revoked"),
        "certificate.suspended": _("Certificate suspended"),
        "certificate.under_review": _("Certificate put under review"),
        "dossier.exported": _("Dossier exported"),
        "enrolment.created": _("Enrolled"),
        "held_saves.decided": _("Held answers decided"),
        "incident.approved": _("Incident: remedy approved"),
        "incident.proposed": _("Incident: remedy proposed"),
        "incident.rejected": _("Incident: remedy rejected"),
        "question.approved": _("Question approved"),
        "question.created": _("Question written"),
        "question.edited": _("Question edited"),
        "question.promoted": _("Question put into use"),
        "question.retired": _("Question retired"),
        "question.revived": _("Question revived"),
        "question.sent_back": _("Question sent back"),
        "question.submitted": _("Question submitted for review"),
        "question.viewed": _("Exam question viewed"),
        "questions.bulk_changed": _("Many questions changed"),
        "questions.bulk_undone": _("Change of many questions taken back"),
        "questions.export_fetched": _("Exported exam questions downloaded"),
        "questions.exported": _("Questions exported"),
        "questions.imported": _("Questions imported"),
        "questions.listed": _("Exam questions listed"),
        "release.approved": _("Release approved"),
        "release.proposed": _("Release proposed"),
        "release.rejected": _("Release rejected"),
        "rescore.applied": _("Re-score applied"),
        "rescore.approved": _("Re-score approved"),
        "rescore.proposed": _("Re-score proposed"),
        "rescore.rejected": _("Re-score rejected"),
        "results.exported": _("Results exported"),
        "session.all_ended": _("Logged out everywhere"),
        "session.ended": _("Device logged out"),
        "signals.reviewed": _("Signals reviewed"),
        "sitting.opened": _("Sitting opened"),
        "sitting.preflight": _("Pre-flight run"),
        "trainer.named": _("Trainer put on record"),
        "trainer.removed": _("Trainer taken off the record"),
    }
    return names.get(action, action)
