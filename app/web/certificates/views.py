"""One's certificates as page and PDF, and the page that anybody can verify one on."""

from __future__ import annotations

import hmac

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from joserfc.jwk import OKPKey
from werkzeug.exceptions import NotFound

from app.domain.certificates import CertificateState, is_number, masked_name, state_on
from app.domain.permissions import Permission
from app.extensions import limiter
from app.models.certificates import Certificate
from app.queries import certificates
from app.web.access import me, public, requires, settings
from app.web.certificates.document import certificate_pdf, qr_svg
from app.web.clock import today


@requires(Permission.SIT_EXAMS)
def mine() -> ResponseReturnValue:
    """One's certificates."""
    found = [(row, _state(row)) for row in certificates.certificates_of(me().user_id)]
    return render_template("certificates/mine.html", certificates=found)


@requires(Permission.SIT_EXAMS)
def certificate(number: str) -> ResponseReturnValue:
    """One certificate."""
    row = _own(number)
    link = _verify_link(row)
    return render_template(
        "certificates/certificate.html", row=row, state=_state(row), link=link, qr=qr_svg(link)
    )


@requires(Permission.SIT_EXAMS)
def pdf(number: str) -> ResponseReturnValue:
    """One certificate as a PDF, in both languages."""
    row = _own(number)
    response = make_response(certificate_pdf(row, link=_verify_link(row)))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    return response


@public
@limiter.limit("60/minute")
def ask() -> ResponseReturnValue:
    """Ask for a certificate's number."""
    number = request.args.get("number", "").strip().upper()
    if number and is_number(number):
        return redirect(url_for("certificates.verify", number=number))
    problem = (
        _(
            "This is not a certificate number. It looks like QJ-2026-U1-000042-M:"
            " check every character."
        )
        if number
        else None
    )
    page = render_template("certificates/ask.html", number=number, problem=problem)
    return page, 400 if problem else 200


@public
@limiter.limit("60/minute")
def verify(number: str) -> ResponseReturnValue:
    """What a certificate is today: the full name only for whoever holds the document's code."""
    number = number.strip().upper()
    row = certificates.certificate(number) if is_number(number) else None
    if row is None:
        return render_template("certificates/unknown.html", number=number[:40]), 404
    has_code = hmac.compare_digest(row.code.encode(), request.args.get("c", "").upper().encode())
    return render_template(
        "certificates/verify.html",
        row=row,
        state=_state(row),
        good=_state(row) in (CertificateState.VALID, CertificateState.EXPIRING),
        holder=row.holder if has_code else masked_name(row.holder),
        has_code=has_code,
        today=today(),
    )


@public
@limiter.limit("60/minute")
def keys() -> ResponseReturnValue:
    """The public key with which certificates can be verified without this server (JWK set)."""
    key = OKPKey.import_key(dict(settings().certificate_key))
    entry = {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": "Ed25519"}
    return {"keys": [entry]}


def _own(number: str) -> Certificate:
    row = certificates.certificate(number.upper())
    if row is None or row.user_id != me().user_id:
        raise NotFound
    return row


def _state(row: Certificate) -> CertificateState:
    return state_on(certificates.validity_of(row), today=today())


def _verify_link(row: Certificate) -> str:
    base = settings().base_url or request.url_root.rstrip("/")
    return f"{base}{url_for('certificates.verify', number=row.number)}?c={row.code}"
