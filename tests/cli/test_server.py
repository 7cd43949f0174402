"""flask serve: what it refuses before it starts."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("given", ["--certificate", "--key"])
def test_https_needs_a_certificate_and_its_key(app, tmp_path, given):
    file = tmp_path / "one.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\n")

    result = app.test_cli_runner().invoke(args=["serve", given, str(file)])

    assert result.exit_code == 2
    assert "--certificate and --key go together" in result.output
