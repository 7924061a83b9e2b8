"""Expressions that would take a machine down, and a program that evaluates all of them.

``python -m tests.studio.asl.hostile_expressions`` prints a line of JSON for each: how it ended, the
seconds of processor time it took, and how much memory (MiB) the process took for it at most. A
process of its own shows both, whatever else the tests have left in memory.
"""

from __future__ import annotations

import ctypes
import json
import time
from pathlib import Path
from typing import Any

from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.jsonata import compile_query
from studio.asl.expressions.payload_template import compile_template

JSONATA = {
    "endless tail recursion": "($f := function($x){$f($x)}; $f(1))",
    "recursion without an end": "($f := function($x){1 + $f($x)}; $f(1))",
    "mutual recursion": "($f := function($x){[$g($x)]}; $g := function($x){[$f($x)]}; $f(1))",
    "a regex that backtracks": "$match($pad('', 60, 'a') & '!', /^(a+)+$/)",
    "a regex that backtracks in two ways": "$contains($pad('', 60, 'a') & '!', /^(a|aa)+$/)",
    "a regex on a long text": "$replace($pad('', 100000, 'a'), /a*a*a*b/, 'x')",
    "a regex that splits": "$split($pad('', 60, 'a') & '!', /(a*)*$/)",
    "a text that doubles": "$reduce([1..60], function($a, $b){$a & $a}, 'xxxxxxxxxx')",
    "a text that doubles by joining": "$reduce([1..60], function($a, $b){$join([$a, $a])}, 'xx')",
    "a text that doubles by replacing": (
        "$reduce([1..60], function($a, $b){$replace($a, 'x', 'xx')}, 'x')"
    ),
    "a padded text": "$pad('a', 1000000000)",
    "a text padded to the left": "$pad('a', -1000000000, '#')",
    "a range of ten million": "[1..10000000]",
    "a range of ten million, counted": "$count([1..10000000])",
    "$range of ten million": "$range(1, 10000000, 1)",
    "$range beyond all numbers": "$range(-1e300, 1e300, 1)",
    "$partition again and again": "[1..131000].$count($partition([1..131000], 1))",
    "$range again and again": "[1..131000].$count($range(1, 131000, 1))",
    "$parse again and again": "[1..131000].$count($parse($states.input.arrays))",
    "$hash again and again": "[1..131000].$hash($states.input.long, 'SHA-512')",
    "$uuid again and again": "[1..131000].[1..131000].$uuid()",
    "arrays that double": "$reduce([1..60], function($a, $b){$append($a, $a)}, [1])",
    "objects that double": "$reduce([1..60], function($a, $b){{'l': $a, 'r': $a}}, 1)",
    "a deep document": "$reduce([1..3000], function($a, $b){{'a': $a}}, 1)",
    "a deep array": "$reduce([1..3000], function($a, $b){[[$a]]}, 1)",
    "a deep JSON text": "$parse($join([1..5000].('[')))",
    "a deep expression": "(" * 5000 + "1" + ")" * 5000,
    "a product of ranges": "[1..3000].([1..3000])",
    "loops in loops": "$map([1..100000], function($i){$map([1..100000], function($j){$i * $j})})",
    "sorting without an order": "$sort([1..131000], function($a, $b){$random() > 0.5})",
    "sorting by what takes long": "$sort([1..5000], function($a, $b){$count([1..100000]) > $a})",
    "a result beyond any payload": "[1..300000]",
    "splitting without an end": "$split($pad('', 2000000, 'a'), '')",
    "an expression that calls itself through $map": (
        "($f := function($x){$map([1..10], $f)}; $f(1))"
    ),
    "a recursion through $map, one at a time": "($f := function($x){$map([$x], $f)}; $f(1))",
    "a recursion through $filter": "($f := function($x){$filter([$x], $f)}; $f(1))",
    "a recursion through $reduce": "($f := function($x, $y){$reduce([1, 2], $f)}; $f(1, 2))",
    "a recursion through $each": "($f := function($x){$each({'a': $x}, $f)}; $f(1))",
    "a recursion through $sort": "($f := function($x, $y){$sort([2, 1], $f)}; $f(1, 2))",
    "a text that grows tenfold by joining": (
        "$reduce([1..60], function($a, $b){$join($map([1..10], function($x){$a}), ',')}, 'xx')"
    ),
    "objects that double by merging": (
        "$reduce([1..60], function($a, $b){$merge([$a, {'k' & $b: $a}])}, {'a': 1})"
    ),
    "each member for each member": (
        "$each($states.input.wide, function($v){"
        "$each($states.input.wide, function($w){$each($states.input.wide, function($x){$v})})})"
    ),
    "zipped again and again": "[1..131000].$zip([1..131000], [1..131000])",
    "zipped and kept": (
        "($a := [1..131000]; $map([1..131000], function($i){{'v': $zip($a, $a, $a, $a)}}))"
    ),
    "distinct elements again and again": "[1..131000].$count($distinct([1..131000]))",
    "a picture of millions of digits": "$formatNumber(1, $pad('', 4000000, '0'))",
    "a regex that replaces without an end": "$replace($pad('', 60, 'a') & '!', /(a+)+$/, 'b')",
    "a descent in a descent": "$states.input.**.**.**.**",
    "a product of documents": "[1..1000].$states.input.wide",
    "arrays turned round and kept": (
        "($a := [1..131000]; $map([1..131000], function($i){{'v': $reverse($a)}}))"
    ),
    "arrays put together and kept": (
        "($a := [1..65000]; $map([1..131000], function($i){{'v': $append($a, $a)}}))"
    ),
    "arrays shuffled and kept": (
        "($a := [1..131000]; $map([1..131000], function($i){{'v': $shuffle($a)}}))"
    ),
    "arrays turned round by a function's name": (
        "($f := $reverse; $a := [1..131000]; $map([1..131000], function($i){{'v': $f($a)}}))"
    ),
    "objects spread and kept": "[1..131000].{'v': $spread($states.input.wide)}",
    "objects merged and kept": (
        "($w := $states.input.wide; [1..131000].{'v': $merge([$w, {'k': $}])})"
    ),
    "ranges of ranges": "[1..131000].([1..131000])",
    "ranges kept in arrays": "$map([1..131000], function($i){[[1..131000]]})",
    "small ranges kept": "[1..131000].{'v': [1..100]}",
    "a range of nearly ten million": "[2..10000000][0]",
    "a giant base": "$formatBase(9007199254740991, 2) & $pad('', 100000000, '0')",
}
"""Each ends as an error."""

TEMPLATES: dict[str, Any] = {
    "a descent in a descent": "$..*..*",
    "three descents": "$..*..*..a",
    "a filter in a filter": "$.numbers[?($.numbers[?(@ == 1)])]",
    "a filter that looks everywhere": "$..[?($..a)]",
    "a filter at every level of a deep document": "$.deep..[?($.deep..[?($.deep..a)])]",
    "descents through a deep document": "$.deep..*..*..*..*",
    "membership in a long array, for each element": "$.numbers[?(@ in $.numbers)]",
    "a filter's regex of giant repetitions": "$.texts[?(@ =~ /((a{1,99}){1,99}){1,99}/)]",
    "a filter of deep brackets": "$.numbers[?" + "(" * 500 + "@ > 1" + ")" * 500 + "]",
    "a path of many steps": "$" + "..a" * 500,
    "a path of many filters": "$" + "[?(@.a)]" * 100,
    "a text formatted from many": "States.Format('{}{}{}{}{}{}{}{}'" + ", $.long" * 8 + ")",
    "formats in formats": (
        "States.Format('{}{}{}', $.long, $.long, " * 9 + "'x'" + ")" * 9
    ).replace("'x'", "States.Format('{}{}{}{}{}{}', $.long, $.long, $.long, $.long, $.long, 1)"),
    "a text of an array of copies": "States.JsonToString(States.Array(" + ",".join("$" * 60) + "))",
    "an array of thousands of copies": "States.Array(" + ",".join("$" * 4000) + ")",
    "States.ArrayRange of ten million": "States.ArrayRange(0, 10000000, 1)",
    "States.ArrayRange beyond all numbers": "States.ArrayRange(-1e300, 1e300, 1)",
    "a deep JSON text": "States.StringToJson($.deepText)",
    "a number of many digits": "States.StringToJson($.digits)",
    "Base64 of a long text": "States.Base64Encode($.long)",
    "a hash of a long text": "States.Hash($.long, 'SHA-512')",
    "a template with more places than any argument": "States.Format($.places, 1)",
    "calls in calls": "States.Array(" * 3000,
    "a template of thousands of long texts": {f"v{n}.$": "$.long" for n in range(2000)},
    "a template of hundreds of formats": {
        f"v{n}.$": "States.Format('{}{}{}{}', $.long, $.long, $.long, $.long)" for n in range(500)
    },
    "a template of hundreds of splits": {
        f"v{n}.$": "States.StringSplit($.pairs, ',')" for n in range(500)
    },
}
"""Paths, intrinsic functions and whole payload templates of JSONPath. Each ends as an error."""

LINEAR_QUERIES: dict[str, str] = {
    "distinct elements of a long range": "$count($distinct([1..20000]))",
    "distinct elements of a long input": "$count($distinct($states.input.numbers))",
}
"""The same in JSONata."""

LINEAR: dict[str, str] = {
    "a filter's regex that would backtrack": "$.texts[?(@ =~ /(a+)+b/)]",
    "a descent over a wide document": "$..a",
    "a split at each of many characters": "States.StringSplit($.long, $.long)",
    "distinct elements of a long array": "States.ArrayUnique($.numbers)",
}
"""What looks like trouble and is none: each gives a value."""


def document() -> dict[str, Any]:
    """Make an input that has something for every expression."""
    return {
        "wide": {f"m{n}": {"a": n, "b": [n, n]} for n in range(5000)},
        "deep": deep_document(90),
        "long": "a" * 200_000,
        "texts": ["a" * 60 + "!" for _ in range(3000)],
        "numbers": list(range(30_000)),
        "deepText": "[" * 100_000,
        "digits": "9" * 200_000,
        "places": "{}" * 100_000,
        "arrays": "[" + "[]," * 80_000 + "1]",
        "pairs": "ab," * 80_000,
    }


def deep_document(levels: int) -> dict[str, Any]:
    """Make an object of objects, with something beside each."""
    found: dict[str, Any] = {"a": 1}
    for level in range(levels):
        found = {"in": found, **{f"b{level}.{n}": {"a": n} for n in range(20)}}
    return found


def evaluate(kind: str, name: str) -> object:
    """Evaluate one entry of a table."""
    bindings = Bindings(document(), seed="seed", now=1_700_000_000.0)
    if kind in ("JSONata", "linear query"):
        text = JSONATA[name] if kind == "JSONata" else LINEAR_QUERIES[name]
        return compile_query(f"{{% {text} %}}", "Output").evaluate(bindings)
    expression = LINEAR[name] if kind == "linear" else TEMPLATES[name]
    template = expression if isinstance(expression, dict) else {"value.$": expression}
    return compile_template(template)(bindings)


def entries() -> list[tuple[str, str]]:
    """List all: the table, and the name in it."""
    return [
        *(("JSONata", name) for name in JSONATA),
        *(("JSONPath", name) for name in TEMPLATES),
        *(("linear", name) for name in LINEAR),
        *(("linear query", name) for name in LINEAR_QUERIES),
    ]


def megabytes(figure: str) -> int:
    """Read a figure of /proc/self/status: VmRSS, or VmHWM, the most since it was forgotten."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{figure}:")[2].split()[0]) // 1024


def forget_memory() -> int:
    """Give back what is free, begin to watch the memory anew, and say how much there is."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return megabytes("VmRSS")


def main() -> None:
    """Evaluate all, and print how each went."""
    for kind, name in entries():
        held = forget_memory()
        begun = time.process_time()
        try:
            evaluate(kind, name)
            ending, cause = "value", ""
        except StatesError as error:
            ending, cause = str(error.error), str(error.cause)
        except InvalidExpression as error:
            ending, cause = "refused", error.message
        seen = {
            "kind": kind,
            "name": name,
            "ending": ending,
            "cause": cause[:300],
            "seconds": round(time.process_time() - begun, 3),
            "megabytes": megabytes("VmHWM") - held,
        }
        print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
