# SPDX-License-Identifier: Apache-2.0
"""Makes plugin-sdk/reference/ of the headers, or with --check tells where the two differ.

    python3 plugin-sdk/Tests/tools/reference.py [--check]

Checks besides, either way: every function has a thread tag and the version since when it is there, and every header
compiles alone as C11 and as C++17.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

SDK = Path(__file__).resolve().parents[2]
HEADERS = SDK / "include" / "host"
PAGES = SDK / "reference"

# As a newcomer reads them.
ORDER = ["host.h", "abi.h", "text.h", "status.h", "plugin.h", "option.h", "api.h", "action.h", "tables.h",
         "exporter.h", "limits.h", "loader.h", "arrow.h", "ext/blob.h", "ext/http.h", "ext/secret.h"]
# Published by another project, for copying; its functions have that project's rules.
FOREIGN = {"arrow.h"}

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
TAG = re.compile(r"\[(one-thread|any-thread)\]")
SINCE = re.compile(r"@since (\d+\.\d+)")


class Problem(Exception):
    pass


def words(comment):
    """A comment as one paragraph per blank line, without the stars in front."""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip() for line in comment.split("\n")]
    return "\n".join(lines).strip()


def paragraphs(text):
    """Running text is joined; what is indented stays as it is, as code."""
    out = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        numbered = all(re.match(r"\s*\d+\. |\s{4,}", line) for line in lines)
        laid_out = [line for line in lines if line.startswith("  ")]
        if numbered:
            joined = re.sub(r"\n\s{4,}", " ", block)
            out.append("\n".join(line.strip() for line in joined.split("\n")))
        elif laid_out or re.search(r"\S {3,}\S", block):
            out.append("```text\n" + block + "\n```")
        else:
            out.append(" ".join(line.strip() for line in lines))
    return "\n\n".join(out)


def cell(text):
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def split_comments(text):
    """The text in pieces: ("code", …) and ("comment", …), in order."""
    at = 0
    for match in COMMENT.finditer(text):
        if match.start() > at:
            yield "code", text[at:match.start()]
        yield "comment", match.group(1)
        at = match.end()
    if at < len(text):
        yield "code", text[at:]


def items(body, separator):
    """Members of a struct or an enum with the comment that belongs to each: the one before it, or behind it on the
    same line."""
    found, before, pending = [], "", ""
    for kind, piece in split_comments(body):
        if kind == "comment":
            # Behind a member on its line; else in front of the next one.
            if found and not pending.strip() and "\n" not in pending:
                found[-1][1] = (found[-1][1] + " " + words(piece)).strip()
            elif pending.strip() and "\n" not in pending[len(pending.rstrip()):]:
                found.append([pending.strip(), (before + " " + words(piece)).strip()])
                before, pending = "", ""
            else:
                before = words(piece)
            continue
        parts = piece.split(separator)
        for index, part in enumerate(parts):
            pending += part
            if index + 1 < len(parts):
                # A separator inside parentheses belongs to parameters.
                if pending.count("(") != pending.count(")"):
                    pending += separator
                    continue
                if pending.strip():
                    found.append([pending.strip(), before])
                before, pending = "", ""
    if pending.strip():
        found.append([pending.strip(), before])
    return [(" ".join(item.split()), comment) for item, comment in found]


FUNCTION = re.compile(r"^(?P<result>[\w\s*]+?)\(\*(?P<name>\w+)\)\((?P<parameters>.*)\)$")


def function(header, owner, name, declaration, comment, out):
    tag, since = TAG.search(comment), SINCE.search(comment)
    if header not in FOREIGN and not (tag and since):
        lack = "thread tag" if not tag else "@since"
        raise Problem(f"{header}: {owner}{name} has no {lack}")
    text = SINCE.sub("", TAG.sub("", comment)).strip()
    out.append(f"### `{name}`\n")
    out.append(f"```c\n{declaration}\n```\n")
    if tag and since:
        out.append(f"`[{tag.group(1)}]`, since {since.group(1)}.\n")
    if text:
        out.append(" ".join(text.split()) + "\n")


def struct(header, name, body, comment, out):
    out.append(f"## `{name}`\n")
    if comment:
        out.append(paragraphs(comment) + "\n")
    fields, functions = [], []
    for item, note in items(body, ";"):
        match = FUNCTION.match(item)
        if match and header not in FOREIGN:
            functions.append((match, item, note))
        else:
            # "const void **buffers" and "host_text name" alike: the name is the last word.
            declaration = re.match(r"^(.*?)(\w+|\(\*\w+\)\(.*\))$", item)
            fields.append((declaration.group(1).strip(), declaration.group(2), note))
    if fields:
        out.append("| field | type | |\n|---|---|---|")
        for kind, field, note in fields:
            out.append(f"| `{field}` | `{kind}` | {cell(note)} |")
        out.append("")
    for match, item, note in functions:
        function(header, f"{name}.", match["name"], item + ";", note, out)


def constants(rows, comment, out):
    if comment:
        out.append(paragraphs(comment) + "\n")
    out.append("| constant | value | |\n|---|---|---|")
    for name, value, note in rows:
        out.append(f"| `{name}` | {'`' + cell(value) + '`' if value else ''} | {cell(note)} |")
    out.append("")


TOP = re.compile(
    r"/\*(?P<comment>.*?)\*/"
    r"|^\#define[ \t]+(?P<define>\w+)(?P<arguments>\([^)]*\))?[ \t]*(?P<value>(?:[^\n\\/]|\\\n|/(?!\*))*)"
    r"|^enum[ \t]*\{(?P<enum>.*?)\};"
    r"|^(?:typedef[ \t]+)?struct[ \t]+(?P<struct>\w+)[ \t]*\{(?P<body>.*?)^\}[ \t]*\w*;"
    r"|^typedef[ \t]+(?P<typedef>[^{};]+);"
    r"|^HOST_EXPORT[ \t]+(?P<export>[^;{]+);"
    r"|^(?P<blank>[ \t]*\n)",
    re.DOTALL | re.MULTILINE)


def page(header, text):
    first = COMMENT.match(text)
    if not first or not words(first.group(1)).startswith("SPDX-License-Identifier: Apache-2.0"):
        raise Problem(f"{header}: does not begin with its licence and its purpose")
    purpose = words(first.group(1)).split("\n", 1)[1].strip()
    name, purpose = purpose.split(": ", 1)
    if name != header:
        raise Problem(f"{header}: calls itself {name}")
    out = [f"# {header}\n", paragraphs(purpose[0].upper() + purpose[1:]) + "\n"]

    comment, defines, last = "", [], None
    section = None

    def heading(title):
        nonlocal section
        if title != section:
            out.append(f"## {title}\n")
        section = title

    def flush():
        nonlocal defines
        if defines:
            heading("Constants")
            constants(defines[1:], defines[0], out)
        defines = []

    for match in TOP.finditer(text, first.end()):
        kind = match.lastgroup if match.lastgroup not in ("arguments", "value") else "define"
        if kind == "blank":
            if last == "blank":
                flush()
            # A comment with an empty line behind it belongs to nothing.
            last = "blank"
            continue
        if kind == "comment":
            said = words(match["comment"])
            behind = text[text.rfind("\n", 0, match.start()) + 1:match.start()].strip()
            if behind and defines:
                defines[-1] = (defines[-1][0], defines[-1][1], said)
            elif not behind:
                flush()
                comment = said
            last = kind
            continue
        if kind == "define":
            defined, value = match["define"], " ".join(match["value"].replace("\\\n", " ").split())
            # Guards and the words that only headers use are nobody's constants.
            if (value or match["arguments"]) and defined != "HOST_EXTERN_C" and header != "arrow.h":
                if last == "blank" and defines:
                    flush()
                if not defines:
                    defines = [comment]
                defines.append((defined + (match["arguments"] or ""), value, ""))
                comment = ""
            last = kind
            continue
        flush()
        if kind == "enum":
            heading("Constants")
            rows = []
            for item, note in items(match["enum"], ","):
                left, _, right = item.partition("=")
                rows.append((left.strip(), right.strip(), note))
            constants(rows, comment, out)
        elif match["struct"]:
            struct(header, match["struct"], match["body"], comment, out)
            section = None
        elif kind == "typedef":
            words_of = " ".join(match["typedef"].split())
            simple = re.match(r"^(.*?)(\w+)$", words_of)
            opaque = simple and words_of == f"struct {simple.group(2)} {simple.group(2)}"
            behind = re.match(r"[ \t]*/\*(.*?)\*/", text[match.end():])
            note = comment or (words(behind.group(1)) if behind else "")
            heading("Types")
            what = "opaque" if opaque else ""
            out.append(f"- `{words_of if not opaque else simple.group(2)}`" + (f", {what}" if what else "")
                       + (f": {cell(note)}" if note else ""))
            out.append("")
        elif kind == "export":
            declaration = " ".join(match["export"].split())
            name = re.search(r"(\w+)\(", declaration).group(1)
            heading("Functions")
            function(header, "", name, declaration + ";", comment, out)
        comment, last = "", kind
    flush()
    return "\n".join(out).rstrip() + "\n"


def compiles(header):
    for compiler, language, standard in (("CC", "c", "c11"), ("CXX", "c++", "c++17")):
        command = [os.environ.get(compiler, "cc" if compiler == "CC" else "c++"), "-fsyntax-only", "-x", language,
                   f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I", str(SDK / "include"), "-"]
        done = subprocess.run(command, input=f'#include "host/{header}"\nextern int something;\n', text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise Problem(f"{header}: does not compile as {standard}:\n{done.stdout}")


def file_name(header):
    return header.replace("/", "-").replace(".h", ".md")


def pages():
    made = {}
    there = {str(path.relative_to(HEADERS)) for folder in ("", "ext") for path in (HEADERS / folder).glob("*.h")}
    if there != set(ORDER):
        raise Problem(f"headers that the reference does not know, or that are gone: {sorted(there ^ set(ORDER))}")
    index = ["<!-- Made from the headers by plugin-sdk/Tests/tools/reference.py; change them instead. -->",
             "# Reference of the plugin ABI\n",
             "After this page you can look up every struct, constant and function that crosses the border. The headers are",
             "the reference themselves; these pages are made of their comments, to be read without a C file in the way.\n",
             "| header | |", "|---|---|"]
    for header in ORDER:
        text = (HEADERS / header).read_text()
        made[file_name(header)] = index[0] + "\n" + page(header, text)
        purpose = words(COMMENT.match(text).group(1)).split(": ", 2)[2].split("\n\n")[0]
        index.append(f"| [{header}]({file_name(header)}) | {cell(purpose)} |")
    made["README.md"] = "\n".join(index) + "\n"
    return made


def main():
    try:
        made = pages()
        for header in ORDER:
            compiles(header)
        there = {path.name: path.read_text() for path in PAGES.glob("*.md")}
        if "--check" in sys.argv[1:]:
            differing = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
            if differing:
                raise Problem("not what the headers say: " + ", ".join(differing)
                              + "\nrun python3 plugin-sdk/Tests/tools/reference.py and commit the result")
            return
        PAGES.mkdir(exist_ok=True)
        for name in there.keys() - made.keys():
            (PAGES / name).unlink()
        for name, content in made.items():
            (PAGES / name).write_text(content)
    except Problem as problem:
        sys.exit(f"reference: {problem}")


main()
