"""Scratch folders are emptied, whatever was left in them."""

import os
from pathlib import Path

from grader.confined import scratch


def test_anything_is_removed(tmp_path: Path) -> None:
    """Deep trees, folders without permissions, links that lead out, pipes and strange names go."""
    folder, outside = tmp_path / "scratch", tmp_path / "outside"
    outside.write_text("stays", "utf-8")
    deep = folder
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(1200):  # deeper than a path can be long
        os.mkdir("d", dir_fd=descriptor)
        inner = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    deep = folder / "d" / "d"
    (deep / "file\nname\udcff").write_bytes(b"x")
    (deep / "link").symlink_to(outside)
    (folder / "folder").symlink_to(tmp_path)
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    (folder / "locked").mkdir()
    (folder / "locked" / "inner").mkdir()
    (folder / "locked" / "inner").chmod(0)
    (folder / "locked").chmod(0)
    (folder / ".0").mkdir()
    folder.chmod(0o500)
    assert scratch.empty(str(folder))
    assert list(folder.iterdir()) == []
    assert scratch.remove(str(folder))
    assert not folder.exists()
    assert outside.read_text("utf-8") == "stays"


def test_usage_is_what_the_disk_holds(tmp_path: Path) -> None:
    """A sparse file takes nothing, files in folders count, and counting stops at the limit."""
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "real").write_bytes(b"x" * (1 << 20))
    found = scratch.usage(str(tmp_path), 100)
    assert found.files == 3
    assert 1 << 20 <= found.bytes < 2 << 20
    for number in range(300):
        (tmp_path / str(number)).touch()
    assert scratch.usage(str(tmp_path), 100).files == 101
    assert scratch.usage(str(tmp_path / "gone"), 100) == scratch.Usage(0, 0)
