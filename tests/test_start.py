"""Where a newcomer starts: the zip, the map of chapters, the line under an exercise, the footer, a page for nothing."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

import pytest
from browser import PHONE, ROOT, SITE, Visit, pages, served
from built_page import built

sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]
import course_zip
from course_site import course_map, footer, not_found, try_it

PLAN = {
    "parts": [
        {"name": "One", "page": "one", "chapters": {1: {"title": "A: why?", "words": "kernel"}}},
        {"name": "Two", "chapters": {2: {"title": "B: how?", "words": "nnU-Net"}, 3: {"title": "C?", "words": "x"}}},
    ],
    "routes": [
        {"name": "Reader", "line": "bio", "who": "You read.", "chapters": [1, 3], "short": "Chapters 1 and 3"},
        {"name": "Writer", "line": "rad", "who": "You write.", "chapters": [2], "short": "Chapter 2"},
        {"name": "Both", "line": "all", "who": "You do.", "chapters": [1, 2, 3], "short": "All chapters"},
    ],
}
CHAPTERS = [path for path in pages() if path.startswith("notebooks/")]


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    target = tmp_path_factory.mktemp("zip") / "course.zip"
    course_zip.pack(ROOT, target)
    return target


def test_the_same_files_make_the_same_zip(packed, tmp_path):
    course_zip.pack(ROOT, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_the_zip_begins_with_what_to_do_and_unpacks_into_one_folder(packed):
    names = zipfile.ZipFile(packed).namelist()
    assert names[0] == "u-net-course/READ-ME-FIRST.txt"
    assert all(PurePosixPath(name).parts[0] == "u-net-course" and ".." not in name for name in names)
    assert len(set(names)) == len(names)


def test_the_zip_holds_no_data_and_nothing_built(packed):
    networks = 0
    for entry in zipfile.ZipFile(packed).infolist():
        assert not {"node_modules", "_build", "__pycache__", ".venv"} & set(PurePosixPath(entry.filename).parts)
        network = PurePosixPath(entry.filename).suffix in course_zip.NETWORKS  # the package's own
        assert network or PurePosixPath(entry.filename).suffix not in (".nii", ".gz", ".npy", ".tif", ".dcm")
        networks += entry.compress_size * network
        assert entry.file_size < 1_500_000
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert networks < 2_700_000
    assert packed.stat().st_size - networks < 600_000 * len(list((ROOT / "notebooks").glob("*.ipynb")))


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="git is not here")
def test_the_zip_holds_every_file_of_the_repository(packed):
    # A copy that belongs to somebody else, as in CI, is not trusted otherwise, and nothing would be compared.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True
    )
    inside = {name.removeprefix("u-net-course/") for name in zipfile.ZipFile(packed).namelist()}
    wanted = {name for name in listed.stdout.splitlines() if not name.startswith(".") and (ROOT / name).exists()}
    assert wanted - {"book/READ-ME-FIRST.txt"} <= inside


def test_what_pip_reads_first_is_in_the_zip(packed):
    inside = {name.removeprefix("u-net-course/") for name in zipfile.ZipFile(packed).namelist()}
    assert {"requirements.txt", "book/requirements.txt", "pyproject.toml", "README.md", "LICENSE"} <= inside
    for line in (ROOT / "book" / "READ-ME-FIRST.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") and line.strip().startswith(("py", "source", "cp", "jupyter", ".venv", "Copy")):
            assert line.strip() in (ROOT / "book" / "start.md").read_text(encoding="utf-8"), line


@pytest.fixture
def known():
    there = course_map.Chapter(1, "A: why, indeed?", "kernel", "01-a.ipynb", 90, 6)
    return {1: there, 2: course_map.Chapter(2, "B: how?", "nnU-Net"), 3: course_map.Chapter(3, "C?", "x")}


def test_a_route_says_how_much_is_written_and_how_long_it_takes(known):
    cards = course_map.glance(PLAN, known)
    assert "Chapters 1 and 3. 1 of 2 written: about 2 hours with 6 exercises." in cards
    assert "Chapter 2. None of 1 written yet." in cards


def test_the_map_links_what_is_written_and_names_what_is_planned(known):
    text = course_map.course_map(PLAN, known)
    assert "| 1. [A: why, indeed?](../notebooks/01-a.ipynb) [kernel]{.words} |" in text
    assert "[2. B: how? [planned]{.planned}]{.not-yet #chapter-2} [nnU-Net]{.words}" in text
    assert "[[One](one.md)]{.part-name}" in text
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| <span") or line.startswith("|  |")]
    assert ["yes" in cell for cell in rows[1][:3]] == [True, False, True]  # chapter 1; the row above it is the part's
    assert all(len(row) == 4 for row in rows)


def test_titles_minutes_and_exercises_come_from_the_notebooks():
    import yaml

    plan = yaml.safe_load((ROOT / "book" / "course.yml").read_text(encoding="utf-8"))
    found = course_map.chapters(plan, ROOT / "notebooks")
    assert sorted(found) == list(range(1, 28))
    written = [chapter for chapter in found.values() if chapter.page]
    assert len(written) == len(list((ROOT / "notebooks").glob("*.ipynb")))
    assert all(chapter.minutes >= 30 and chapter.exercises >= 3 for chapter in written)
    for chapter in written:  # the plan would show it again, should the notebook go
        told = next(part["chapters"][chapter.number] for part in plan["parts"] if chapter.number in part["chapters"])
        assert chapter.title.removeprefix("The ").lower() == told["title"].lower()


def test_the_line_under_an_exercise_names_every_way_there_is():
    bare = try_it.line("../a.ipynb", [], "../start.html#here")
    assert bare.count("<a ") == 2
    full = try_it.line("../a.ipynb", [("Open in Colab", "https://x/?a=1&b=2")], "../start.html#here")
    assert '<a href="https://x/?a=1&amp;b=2">open in Colab</a>, or <a' in full


def test_feedback_and_the_root_follow_the_address():
    assert footer.issues("") == not_found.base("") == ""
    assert footer.issues("https://github.com/OWNER/NAME.git") == "https://github.com/OWNER/NAME/issues"
    assert not_found.base("https://github.com/OWNER/NAME") == "/NAME/"
    assert not_found.base("https://github.com/owner/owner.github.io") == "/"


@pytest.mark.browser
@pytest.mark.parametrize("path", CHAPTERS)
def test_each_exercise_says_where_to_try_it(path):
    text = (SITE / path).read_text(encoding="utf-8")
    assert text.count('class="try-it') == text.count("<h3>Exercise ") >= 3
    assert "../downloads/u-net-course.zip" in built(path).links


@pytest.mark.browser
@pytest.mark.parametrize("path", sorted(set(pages()) - {"404.html"}))
def test_every_page_says_at_its_foot_whose_it_is(path):
    text = (SITE / path).read_text(encoding="utf-8")
    assert text.count('class="course-footer"') == 1
    assert f"version {footer.version(ROOT)}" in text


@pytest.mark.browser
def test_who_searches_for_a_planned_system_finds_the_landing_page(visit: Visit):
    for word in ("nnU-Net", "TotalSegmentator", "radsurv", "DICOM"):
        visit.open(f"search.html?q={word}")
        visit.page.wait_for_selector("#search-results li a[href*='index.html']")
    assert not visit.problems


@pytest.mark.browser
def test_from_the_landing_page_three_clicks_lead_to_a_notebook_and_the_way_to_run_it(visit: Visit):
    visit.open("index.html")
    visit.page.click("article a[href$='01-convolution.html'] >> nth=0")
    visit.page.click(".try-it a >> text=work on your laptop >> nth=0")
    assert visit.page.url.endswith("book/start.html#on-your-laptop")
    with visit.page.expect_download() as download:
        visit.page.click("article a[href$='u-net-course.zip'] >> nth=0")
    assert zipfile.is_zipfile(download.value.path())


@pytest.mark.browser
def test_the_map_fits_a_phone(visit: Visit):
    visit.page.set_viewport_size(PHONE)
    visit.open("index.html")
    assert visit.page.evaluate("document.querySelector('.course-map table').scrollWidth") <= PHONE["width"]
    assert visit.page.locator(".course-map .stop").count() == 13 + 10 + 27


@pytest.mark.browser
@pytest.mark.parametrize("address", ["gone.html", "book/a/b/gone.html", "deep/site/notebooks/gone/"])
def test_a_missing_page_leads_back_from_any_depth(browser, tmp_path, address):
    root = tmp_path / ("deep/site" if address.startswith("deep") else "")  # on a server that holds more
    root.mkdir(parents=True, exist_ok=True)
    for name in ("404.html", "index.html", "search.html", "searchindex.js", "book/start.html", "book/glossary.html"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(SITE / name, root / name)
    with served(tmp_path) as base:
        page = browser.new_context().new_page()
        body = (SITE / "404.html").read_text(encoding="utf-8")
        page.route(base + address, lambda route: route.fulfill(status=404, content_type="text/html", body=body))
        page.goto(base + address)
        up = base + ("deep/site/" if address.startswith("deep") else "")
        page.wait_for_function("root => document.querySelector('a').href === root + 'index.html'", arg=up)
        assert page.evaluate("document.querySelector('form').action") == up + "search.html"
        page.context.close()
