"""The self-test as static HTML: a form that needs no script to be read, filled in with a pencil, and looked up."""

from html import escape

from markdown_it import MarkdownIt

from .pictures import curve, grid
from .questions import Chapter, Entry, Question

HINTS = {
    "choose": "Choose one.",
    "several": "Mark all that apply.",
    "number": "Give a number.",
    "line": "Choose the faulty line.",
    "order": "Give each its place, counted from 1.",
    "match": "Choose for each.",
}
MARKDOWN = MarkdownIt("commonmark")


def inline(text: str) -> str:
    """Return one paragraph of Markdown as HTML."""
    return MARKDOWN.renderInline(text.strip())


def shown(entry: Entry, question: Question) -> str:
    """Return an entry's text, or its picture."""
    if entry.grid:
        return grid(entry.grid, *question.range)
    if entry.curve:
        return curve(entry.curve, *question.range, question.dashed, entry.alt)
    return inline(entry.text)


def letter(place: int) -> str:
    """Return the name of a place: A, B, C."""
    return "ABCDEFGHIJ"[place]


def buttons(question: Question) -> str:
    """Return what can be chosen, or marked."""
    kind = "checkbox" if question.kind == "several" else "radio"
    pictures = any(option.grid for option in question.options)
    lines = []
    for place, option in enumerate(question.options):
        name = f"<b>{letter(place)}</b> " if pictures else ""
        button = f'<input type="{kind}" name="{question.id}" value="{place + 1}">'
        lines.append(f"<li><label>{button} <span>{name}{shown(option, question)}</span></label></li>")
    return f'<ul class="quiz-options{" quiz-pictures" * pictures}">{"".join(lines)}</ul>'


def code_lines(question: Question) -> str:
    """Return the lines of a program, each with a button."""
    lines = []
    for place, line in enumerate(question.code.rstrip().split("\n"), start=1):
        button = f'<input type="radio" name="{question.id}" value="{place}" aria-label="line {place}: {escape(line)}">'
        lines.append(f"<li><label>{button} <span>{place}</span> <code>{escape(line)}</code></label></li>")
    return f'<ul class="quiz-code">{"".join(lines)}</ul>'


def selection(question: Question, place: int, choices: list[str]) -> str:
    """Return a list to choose one of."""
    options = "".join(f'<option value="{one}">{text}</option>' for one, text in enumerate(choices, start=1))
    return f'<select id="{question.id}-{place}"><option value="">?</option>{options}</select>'


def items(question: Question) -> str:
    """Return what is to be ordered or matched, each with a list to choose from."""
    lines = []
    for place, original in enumerate(question.shown()):
        item = question.items[original]
        if question.kind == "order":
            choices, words, picture = [str(one + 1) for one in range(len(question.items))], inline(item.text), ""
        else:
            choices = [escape(choice) for choice in question.choices]
            picture = shown(item, question) if not item.text else ""
            words = f"picture {letter(place)}" if picture else inline(item.text)
        label = f'<label for="{question.id}-{place}">{words}</label>'
        lines.append(f"<li>{picture}{label} {selection(question, place, choices)}</li>")
    drawn = " quiz-drawn" * any(item.curve or item.grid for item in question.items)
    return f'<ul class="quiz-items quiz-{question.kind}{drawn}">{"".join(lines)}</ul>'


def controls(question: Question) -> str:
    """Return what the reader fills in."""
    if question.kind in ("choose", "several"):
        return buttons(question)
    if question.kind == "line":
        return code_lines(question)
    if question.kind in ("order", "match"):
        return items(question)
    field = f'<input type="text" autocomplete="off" name="{question.id}">'
    return f"<p><label>Your number: {field}</label></p>"


def solution(question: Question) -> str:
    """Return the right answer in words."""
    if question.kind == "number":
        return f"<b>{question.answer:g}</b>".replace("-", "−")
    if question.kind == "line":
        return f"<b>Line {question.answer:g}</b>"
    if question.kind == "order":
        return "<b>In this order:</b> " + "; ".join(inline(item.text) for item in question.items)
    if question.kind == "match":
        pairs = []
        for place, item in enumerate(question.items):
            name = inline(item.text) or f"picture {letter(place)}"
            pairs.append(f"{name}: <b>{escape(question.choices[item.answer - 1])}</b>")
        return "; ".join(pairs)
    right = [place for place, option in enumerate(question.options) if option.right]
    names = [inline(question.options[place].text) or f"Picture {letter(place)}" for place in right]
    return "<b>" + "</b>; <b>".join(names) + "</b>"


def remarks(question: Question) -> str:
    """Return what there is to say to each answer that tempts, or to each option."""
    said = []
    for place, option in enumerate(question.options, start=1):
        name = inline(option.text) or f"Picture {letter(place - 1)}"
        verdict = "right" if option.right else "wrong"
        said.append(f'<li data-for="{place}"><i>{name}</i> ({verdict}): <span>{inline(option.why)}</span></li>')
    for one in question.tempting:
        name, value = (f"Line {one.line}", one.line) if one.line else (f"{one.value:g}".replace("-", "−"), one.value)
        said.append(f'<li data-for="{value:g}"><i>{name}</i> (wrong): <span>{inline(one.why)}</span></li>')
    return f"<ul>{''.join(said)}</ul>" if said else ""


def links(question: Question, chapter: Chapter, page: str) -> str:
    """Return links to the sections that the question stands on."""
    found = (chapter.anchor(start) for start in question.read)
    return ", ".join(f'<a href="{page}#{anchor}">{escape(heading)}</a>' for heading, anchor in found)


def block(question: Question, name: str, chapter: Chapter, page: str) -> str:
    """Return one question with its folded answer."""
    key = f'data-kind="{question.kind}" data-answer="{question.key()}" data-tolerance="{question.tolerance:g}"'
    picture = f"<p>{grid(question.grid, *question.range)}</p>" if question.grid else ""
    return f"""<div class="quiz-question" id="question-{question.id}" data-id="{question.id}" {key}>
<fieldset><legend><b>{name}</b> {inline(question.ask)} <i>{HINTS[question.kind]}</i></legend>
{picture}{controls(question)}</fieldset>
<details class="quiz-answer"><summary>Answer to {name}</summary>
<p>{solution(question)}.</p><p>{inline(question.why)}</p>{remarks(question)}
<p class="quiz-read">Read again: {links(question, chapter, page)}</p></details>
</div>"""
