"""The compiled kernels are kept under a fingerprint of all their sources: no change leaves an old one in use."""

from pathlib import Path

from samsyn_planning.domain.planner.engine import kernels


def _engine(folder: Path, **sources: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in sources.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


def test_a_change_of_any_source_gives_another_folder(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "engine", caller="import called", called="answer = 1")
    before = kernels.folder_of(engine)

    _engine(engine, called="answer = 2")

    assert kernels.folder_of(engine) != before


def test_a_new_source_gives_another_folder(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "engine", called="answer = 1")
    before = kernels.folder_of(engine)

    _engine(engine, further="answer = 2")

    assert kernels.folder_of(engine) != before


def test_the_same_sources_give_the_same_folder_beside_them(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "engine", called="answer = 1")

    assert kernels.folder_of(engine) == kernels.folder_of(engine)
    assert kernels.folder_of(engine).parent == engine / "__pycache__"
