"""A function in a folder is found, called and answered for as AWS Lambda would."""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from executions.integration import Failed, Succeeded
from executions.integrations.functions.names import FunctionNameError, parse_function_name
from executions.integrations.lambda_function import LambdaFunction
from tests.executions.integrations.conftest import ARN, Perform, request_of, service_of, write


def test_the_three_ways_to_name_a_function(folder: Path, call: Perform, invoke: Perform) -> None:
    write(folder, "echo.py", "def handler(event, context): return event")
    write(folder, "add_one.py", "def add_one(event, context): return event + 1")
    write(folder, "shop/__init__.py", "from .goods import GOODS\ndef handler(e, c): return GOODS")
    write(folder, "shop/goods.py", "GOODS = ['tea']")
    write(folder, "tools.py", "def first(event, context): return event[0]")
    assert call("echo", {"é": [1, 2.5, None]}) == Succeeded('{"é":[1,2.5,null]}')
    assert call("add-one", 1) == Succeeded("2")
    assert call("shop") == Succeeded('["tea"]')
    outcome = invoke({"FunctionName": "tools.first", "Payload": [7]})
    assert isinstance(outcome, Succeeded)
    assert json.loads(outcome.output)["Payload"] == 7


@pytest.mark.parametrize(
    "name",
    [
        "../echo",
        "/etc/passwd",
        "a/b",
        "echo\n",
        "",
        "__init__",
        "_private",
        "echo.__class__",
        "echo._x",
        "a.b.c",
        "x" * 300,
    ],
)
def test_names_that_are_none_are_refused(name: str, invoke: Perform) -> None:
    with pytest.raises(FunctionNameError):
        parse_function_name(name)
    outcome = invoke({"FunctionName": name})
    assert isinstance(outcome, Failed)
    assert outcome.error == "Lambda.AWSLambdaException"
    assert "ValidationException" in outcome.cause


@pytest.mark.parametrize(
    ("text", "name", "qualifier"),
    [
        ("pay", "pay", None),
        ("pay:live", "pay", "live"),
        ("123456789012:function:pay", "pay", None),
        ("us-east-1:123456789012:function:pay:7", "pay", "7"),
        ("function:pay:$LATEST", "pay", "$LATEST"),
        ("arn:aws:lambda:eu-west-1:999999999999:function:pay", "pay", None),
        ("arn:aws-us-gov:lambda:us-gov-west-1:999999999999:function:pay:live", "pay", "live"),
    ],
)
def test_the_forms_of_a_function_name(text: str, name: str, qualifier: str | None) -> None:
    parsed = parse_function_name(text)
    assert (parsed.name, parsed.qualifier) == (name, qualifier)


def test_only_what_a_module_defines_can_be_named(folder: Path, invoke: Perform) -> None:
    write(folder, "tools.py", "from os import system\nLIMIT = 3\n")
    for attribute in ("system", "LIMIT", "nothing"):
        outcome = invoke({"FunctionName": f"tools.{attribute}"})
        assert isinstance(outcome, Failed)
        assert outcome.error == "Runtime.HandlerNotFound"


def test_the_context_is_what_lambda_gives(folder: Path, call: Perform) -> None:
    write(
        folder,
        "ask.py",
        """
        def handler(event, context):
            names = [n for n in dir(context) if not n.startswith("_")]
            return {
                "names": names,
                "name": context.function_name,
                "version": context.function_version,
                "arn": context.invoked_function_arn,
                "group": context.log_group_name,
                "left": context.get_remaining_time_in_millis(),
                "id": context.aws_request_id,
                "identity": context.identity.cognito_identity_id,
                "client": context.client_context,
            }
        """,
    )
    outcome = call("ask:live", {}, deadline=time.time() + 10)
    assert isinstance(outcome, Succeeded)
    answer = json.loads(outcome.output)
    assert answer["names"] == [
        "aws_request_id",
        "client_context",
        "function_name",
        "function_version",
        "get_remaining_time_in_millis",
        "identity",
        "invoked_function_arn",
        "log_group_name",
        "log_stream_name",
        "memory_limit_in_mb",
        "tenant_id",
    ]
    assert answer["name"] == "ask"
    assert answer["version"] == "$LATEST"
    assert answer["arn"] == ARN + "ask:live"
    assert answer["group"] == "/aws/lambda/ask"
    assert 9_000 < answer["left"] <= 10_000
    assert answer["identity"] is answer["client"] is None
    again, retried = call("ask"), call("ask", idempotency_key="7:9")
    assert isinstance(again, Succeeded)
    assert isinstance(retried, Succeeded)
    assert json.loads(again.output)["id"] == answer["id"] != json.loads(retried.output)["id"]


def test_an_exception_becomes_its_class_name_and_awss_cause(
    folder: Path, call: Perform, invoke: Perform
) -> None:
    path = write(
        folder,
        "pay.py",
        """
        class PaymentDeclined(Exception):
            pass

        def handler(event, context):
            raise PaymentDeclined("No “money”.")
        """,
    )
    outcome = call("pay")
    assert isinstance(outcome, Failed)
    assert outcome.error == "PaymentDeclined"
    cause = json.loads(outcome.cause)
    assert list(cause) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert cause["errorMessage"] == "No “money”."
    assert cause["stackTrace"] == [
        f'  File "{path}", line 6, in handler\n    raise PaymentDeclined("No “money”.")\n'
    ]
    assert outcome.cause.startswith('{"errorMessage": "No “money”.", "errorType": ')
    optimized = invoke({"FunctionName": "pay"})
    assert isinstance(optimized, Failed)
    assert optimized.cause.startswith('{"errorMessage":"No “money”.","errorType":"PaymentDecl')


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("def handler(e, c): return {1, 2}", "Runtime.MarshalError", "Object of type set is not"),
        ("def handler(e, c): return float('nan')", "Runtime.MarshalError", "Out of range float"),
        ("def handler(e, c): return '\\ud800'", "Runtime.MarshalError", "surrogates not allowed"),
        ("def handler(e, c): return b'not json'", "Runtime.MarshalError", "Expecting value"),
        (
            "def handler(e, c):\n a = []; a.append(a); return a",
            "Runtime.MarshalError",
            "Circular reference",
        ),
        ("import sys\ndef handler(e, c): sys.exit(3)", "Runtime.ExitError", "exit status 3"),
        ("import sys\ndef handler(e, c): sys.exit()", "Runtime.ExitError", "without providing a"),
        ("def handler(e, c): raise GeneratorExit", "GeneratorExit", ""),
        ("def handler(e): pass", "TypeError", "takes 1 positional argument but 2 were given"),
        ("def handler(e, c): return handler(e, c)", "RecursionError", "maximum recursion"),
        ("X = 1", "Runtime.HandlerNotFound", "Handler 'handler' (or 'broken') missing on module"),
        ("def handler(e, c:\n  pass", "Runtime.UserCodeSyntaxError", "(broken.py, line 1)"),
        ("import nowhere", "Runtime.ImportModuleError", "No module named 'nowhere'"),
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("raise SystemExit(2)", "Runtime.ExitError", "exit status 2"),
        (
            "class Odd(Exception):\n def __str__(self): 1 / 0\ndef handler(e, c): raise Odd",
            "Odd",
            "ZeroDivisionError: ",
        ),
    ],
)
def test_everything_a_function_can_do_wrong(
    folder: Path, call: Perform, source: str, error: str, message: str
) -> None:
    write(folder, "broken.py", source)
    outcome = call("broken")
    assert isinstance(outcome, Failed)
    assert outcome.error == error
    cause = json.loads(outcome.cause)
    assert message in cause["errorMessage"]
    assert cause["errorType"] == error
    assert not any("executions/integrations" in line for line in cause.get("stackTrace", []))


def test_a_function_that_interrupts_does_not_end_its_thread(folder: Path, call: Perform) -> None:
    write(folder, "stop.py", "def handler(e, c): raise KeyboardInterrupt")
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(call, "stop").result()
    assert isinstance(outcome, Failed)
    assert outcome.error == "KeyboardInterrupt"


def test_results_are_the_json_of_awss_runtime(folder: Path, call: Perform) -> None:
    write(
        folder,
        "give.py",
        """
        from decimal import Decimal
        def handler(event, context):
            return {1: (Decimal("2"), Decimal("2.5"), 10**30), "text": "é😀"}
        """,
    )
    assert call("give") == Succeeded('{"1":[2,2.5,' + str(10**30) + '],"text":"é😀"}')
    write(folder, "raw.py", "def handler(e, c): return b'\"HelloWorld!\"'")
    assert call("raw") == Succeeded('"HelloWorld!"')


def test_what_is_printed_goes_to_the_log(
    folder: Path,
    call: Perform,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(
        folder,
        "talk.py",
        """
        import sys
        def handler(event, context):
            print("one", event); sys.stderr.write("two\\nthr"); print("ee", end="")
            return context.aws_request_id
        """,
    )
    outcome = call("talk", 5)
    assert isinstance(outcome, Succeeded)
    request_id = json.loads(outcome.output)
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [f"talk RequestId: {request_id} {text}" for text in ("one 5", "two", "three")]
    assert all(getattr(record, "aws_request_id", None) == request_id for record in caplog.records)
    print("ours")
    assert capsys.readouterr().out == "ours\n"


def test_an_unknown_function_says_where_it_was_looked_for(folder: Path, call: Perform) -> None:
    outcome = call("nowhere")
    assert isinstance(outcome, Failed)
    assert outcome.error == "Lambda.ResourceNotFoundException"
    assert outcome.cause.startswith(
        f"Function not found: {ARN}nowhere:$LATEST (Service: AWSLambda;"
    )
    for said in (str(folder), "nowhere.py", "STEPWELL_FUNCTIONS", "AWS_ENDPOINT_URL_LAMBDA"):
        assert said in outcome.cause


# --- namespaces and reloading --------------------------------------------------------------------


def test_two_folders_may_hold_modules_of_the_same_name(tmp_path: Path) -> None:
    for name in ("red", "blue"):
        write(tmp_path / name, "stock.py", f"COLOUR = '{name}'\nimport json as text")
        write(
            tmp_path / name,
            f"show_{name}.py",
            """
            import stock
            from stock import COLOUR
            def handler(event, context):
                import stock as late
                return [stock.COLOUR, COLOUR, late.COLOUR, stock.text.dumps(1)]
            """,
        )
    lambda_function = LambdaFunction(service_of(tmp_path / "red", tmp_path / "blue"))
    for name in ("red", "blue"):
        outcome = lambda_function.perform(request_of(f"{ARN}show_{name}", {}))
        assert outcome == Succeeded(f'["{name}","{name}","{name}","1"]')
    assert "stock" not in sys.modules


def test_the_first_folder_that_holds_a_name_answers(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write(tmp_path / name, "who.py", f"def handler(e, c): return '{name}'")
    both = service_of(tmp_path / "nowhere", tmp_path / "first", tmp_path / "second")
    assert LambdaFunction(both).perform(request_of(f"{ARN}who", {})) == Succeeded('"first"')


def test_an_edit_counts_from_the_next_call(folder: Path, call: Perform) -> None:
    write(folder, "helper.py", "WORD = 'old'")
    write(folder, "say.py", "from helper import WORD\ndef handler(e, c): return WORD")
    assert call("say") == Succeeded('"old"')
    write(folder, "helper.py", "WORD = 'new'")  # a sibling, of the same size, at once
    assert call("say") == Succeeded('"new"')
    write(folder, "say.py", "def handler(e, c) return 1")
    outcome = call("say")
    assert isinstance(outcome, Failed)
    assert outcome.error == "Runtime.UserCodeSyntaxError"
    assert "say.py" in outcome.cause
    assert "line 1" in outcome.cause
    write(folder, "say.py", "def handler(e, c): return 'mended'")
    assert call("say") == Succeeded('"mended"')
    (folder / "say.py").unlink()
    assert isinstance(call("say"), Failed)
    assert not list(folder.rglob("__pycache__"))


def test_without_reloading_an_edit_is_left_alone(folder: Path) -> None:
    lambda_function = LambdaFunction(service_of(folder, reload=False))
    write(folder, "say.py", "def handler(e, c): return 1")
    assert lambda_function.perform(request_of(f"{ARN}say", {})) == Succeeded("1")
    write(folder, "say.py", "def handler(e, c): return 22")
    assert lambda_function.perform(request_of(f"{ARN}say", {})) == Succeeded("1")


def test_sixteen_threads_call_what_is_being_edited(folder: Path, call: Perform) -> None:
    """Nobody sees a mixture of two versions or a file that is only half there."""

    def edit(number: int) -> None:
        write(folder, "number.py", f"NUMBER = {number}")
        write(
            folder,
            "twice.py",
            f"""
            import number
            SEEN = number.NUMBER
            def handler(event, context):
                import number as late
                return [SEEN, late.NUMBER, {number}]
            """,
        )

    edit(0)
    done = threading.Event()

    def caller() -> int:
        calls = 0
        while not done.is_set():
            outcome = call("twice")
            assert isinstance(outcome, Succeeded), outcome
            seen, late, written = json.loads(outcome.output)
            assert seen == late
            assert seen - written in (0, 1), "number.py is written before twice.py"
            calls += 1
        return calls

    with ThreadPoolExecutor(16) as pool:
        callers = [pool.submit(caller) for _ in range(16)]
        for number in range(1, 16):
            edit(number)
            time.sleep(0.04)
        done.set()
        assert sum(each.result() for each in callers) > 16
    assert call("twice") == Succeeded("[15,15,15]")


def test_forgotten_versions_do_not_pile_up(folder: Path, call: Perform) -> None:
    import gc

    def packages() -> int:
        gc.collect()
        return len(
            {name.partition(".")[0] for name in sys.modules if "stepwell_functions_" in name}
        )

    write(folder, "say.py", "def handler(e, c): return 0")
    call("say")
    before = packages()
    for number in range(1, 8):
        write(folder, "say.py", f"def handler(e, c): return {number}")
        assert call("say") == Succeeded(str(number))
    assert packages() <= before + 1


def test_a_function_that_does_nothing_costs_next_to_nothing(folder: Path) -> None:
    """Measured: about 15 µs on a quiet machine; the limit is generous for a busy one."""
    write(folder, "noop.py", "def handler(e, c): return e")
    lambda_function = LambdaFunction(service_of(folder, reload=False))
    request = request_of(f"{ARN}noop", {"a": 1})
    lambda_function.perform(request)
    best = min(_seconds(lambda_function, request) for _ in range(5))
    assert best / 200 < 150e-6


def _seconds(lambda_function: LambdaFunction, request: object) -> float:
    began = time.process_time()
    for _ in range(200):
        lambda_function.perform(request)  # type: ignore[arg-type]
    return time.process_time() - began
