"""Four model protocols in both directions: a client's request to a Conversation, an Answer to its stream."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias

from tests.real.conversation import Call, Conversation, Result, Say, Tool

Body: TypeAlias = dict[str, Any]
MODEL = "scripted"
_IN_CODE = re.compile(r"tools\.mcp_agentorchestr\.(\w+)\(")


class ModelProtocol(Protocol):
    """One vendor's way to ask a model."""

    name: str

    def read(self, body: Body) -> Conversation:
        """Understand a request."""

    def stream(self, answer: Say | Call) -> Iterator[str]:
        """Say the answer as server-sent events."""

    def whole(self, answer: Say | Call) -> Body:
        """Say the answer in one piece."""


def _event(body: Body, *, named: bool = False) -> str:
    head = f"event: {body['type']}\n" if named else ""
    return f"{head}data: {json.dumps(body)}\n\n"


def _new(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:20]}"


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(_text(part) for part in content)
    if isinstance(content, dict):
        return _text(content.get("text") or content.get("content") or content.get("output") or "")
    return ""


def _called(function: Body) -> str:
    """Name what a call was of: of a tool that runs code, the tool of ours that the code calls."""
    inner = _IN_CODE.search(str(function.get("arguments")))
    return f"agentorchestr_{inner[1]}" if inner else str(function["name"])


def _conversation(name: str, said: list[str], tools: list[Tool], results: list[Result]) -> Conversation:
    return Conversation(name, "\n".join(said), tuple(tools), tuple(results), len(said))


class Responses:
    """OpenAI's Responses API."""

    name = "responses"

    def read(self, body: Body) -> Conversation:
        items = body.get("input") or []
        items = [{"role": "user", "content": items}] if isinstance(items, str) else items
        said = [_text(item.get("content")) for item in items if item.get("role") == "user"]
        called = {
            item["call_id"]: item["name"]
            for item in items
            if str(item.get("type")).endswith("_call") and "name" in item
        }
        results = [
            Result(called.get(item["call_id"], ""), _text(item.get("output")))
            for item in items
            if str(item.get("type")).endswith("_call_output")
        ]
        return _conversation(self.name, said, list(self._tools(body.get("tools") or [])), results)

    def _tools(self, listed: list[Body], namespace: str = "") -> Iterator[Tool]:
        for tool in listed:
            if tool.get("type") == "namespace":
                yield from self._tools(tool["tools"], tool["name"])
            elif tool.get("type") == "function":
                yield Tool(tool["name"], tool.get("parameters") or {}, namespace)

    def stream(self, answer: Say | Call) -> Iterator[str]:
        identity = _new("resp")
        yield _event({"type": "response.created", "response": {"id": identity}}, named=True)
        whole = self.whole(answer) | {"id": identity}
        yield _event({"type": "response.output_item.done", "output_index": 0, "item": whole["output"][0]}, named=True)
        yield _event({"type": "response.completed", "response": whole}, named=True)

    def _item(self, answer: Say | Call) -> Body:
        if isinstance(answer, Say):
            content = [{"type": "output_text", "text": answer.text, "annotations": []}]
            return {
                "type": "message",
                "id": _new("msg"),
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        call = {"type": "function_call", "id": _new("fc"), "call_id": _new("call"), "name": answer.tool.name}
        call |= {"arguments": answer.json, "status": "completed"}
        return call | ({"namespace": answer.tool.namespace} if answer.tool.namespace else {})

    def whole(self, answer: Say | Call) -> Body:
        usage = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
        details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        return {
            "id": _new("resp"),
            "object": "response",
            "status": "completed",
            "model": MODEL,
            "output": [self._item(answer)],
            "usage": usage | details,
        }


class ChatCompletions:
    """OpenAI's chat completions."""

    name = "chat"

    def read(self, body: Body) -> Conversation:
        messages = body.get("messages") or []
        said = [_text(message.get("content")) for message in messages if message.get("role") == "user"]
        called = {
            call["id"]: _called(call["function"]) for message in messages for call in message.get("tool_calls") or []
        }
        results = [
            Result(called.get(message.get("tool_call_id"), ""), _text(message.get("content")))
            for message in messages
            if message.get("role") == "tool"
        ]
        tools = [
            Tool(tool["function"]["name"], tool["function"].get("parameters") or {})
            for tool in body.get("tools") or []
            if "function" in tool
        ]
        return _conversation(self.name, said, tools, results)

    def stream(self, answer: Say | Call) -> Iterator[str]:
        head = {"id": _new("chatcmpl"), "object": "chat.completion.chunk", "created": 0, "model": MODEL}
        delta = self._message(answer)
        for index, call in enumerate(delta.get("tool_calls", [])):
            call["index"] = index
        yield _event(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        yield _event(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": self._end(answer)}]})
        yield _event(head | {"choices": [], "usage": _CHAT_USAGE})
        yield "data: [DONE]\n\n"

    def _message(self, answer: Say | Call) -> Body:
        if isinstance(answer, Say):
            return {"role": "assistant", "content": answer.text}
        function = {"name": answer.tool.name, "arguments": answer.json}
        return {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": _new("call"), "type": "function", "function": function}],
        }

    def _end(self, answer: Say | Call) -> str:
        return "stop" if isinstance(answer, Say) else "tool_calls"

    def whole(self, answer: Say | Call) -> Body:
        choice = {"index": 0, "message": self._message(answer), "finish_reason": self._end(answer)}
        return {
            "id": _new("chatcmpl"),
            "object": "chat.completion",
            "created": 0,
            "model": MODEL,
            "choices": [choice],
            "usage": _CHAT_USAGE,
        }


_CHAT_USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


class Messages:
    """Anthropic's messages."""

    name = "messages"

    def read(self, body: Body) -> Conversation:
        messages = body.get("messages") or []
        blocks = [(message["role"], block) for message in messages for block in self._blocks(message["content"])]
        said = [_text(block) for role, block in blocks if role == "user" and block.get("type") == "text"]
        called = {block["id"]: block["name"] for _, block in blocks if block.get("type") == "tool_use"}
        results = [
            Result(called.get(block["tool_use_id"], ""), _text(block.get("content")))
            for _, block in blocks
            if block.get("type") == "tool_result"
        ]
        tools = [Tool(tool["name"], tool.get("input_schema") or {}) for tool in body.get("tools") or []]
        return _conversation(self.name, said, tools, results)

    def _blocks(self, content: Any) -> list[Body]:
        return [{"type": "text", "text": content}] if isinstance(content, str) else content

    def stream(self, answer: Say | Call) -> Iterator[str]:
        block = self._block(answer)
        opened = block | ({"text": ""} if isinstance(answer, Say) else {"input": {}})
        delta = (
            {"type": "text_delta", "text": block["text"]}
            if isinstance(answer, Say)
            else {"type": "input_json_delta", "partial_json": answer.json}
        )
        message = self.whole(answer) | {"content": [], "stop_reason": None}
        end = {"stop_reason": self._end(answer), "stop_sequence": None}
        for event in (
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": opened},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": end, "usage": {"output_tokens": 5}},
            {"type": "message_stop"},
        ):
            yield _event(event, named=True)

    def _block(self, answer: Say | Call) -> Body:
        if isinstance(answer, Say):
            return {"type": "text", "text": answer.text}
        return {"type": "tool_use", "id": _new("toolu"), "name": answer.tool.name, "input": answer.arguments}

    def _end(self, answer: Say | Call) -> str:
        return "end_turn" if isinstance(answer, Say) else "tool_use"

    def whole(self, answer: Say | Call) -> Body:
        head = {"id": _new("msg"), "type": "message", "role": "assistant", "model": MODEL, "stop_sequence": None}
        usage = {"input_tokens": 10, "output_tokens": 5}
        return head | {"content": [self._block(answer)], "stop_reason": self._end(answer), "usage": usage}


class GenerateContent:
    """Gemini's generateContent."""

    name = "generate"

    def read(self, body: Body) -> Conversation:
        parts = [(entry.get("role"), part) for entry in body.get("contents") or [] for part in entry.get("parts") or []]
        said = [part["text"] for role, part in parts if role != "model" and "text" in part]
        results = [
            Result(part["functionResponse"]["name"], json.dumps(part["functionResponse"].get("response")))
            for _, part in parts
            if "functionResponse" in part
        ]
        declared = [tool for group in body.get("tools") or [] for tool in group.get("functionDeclarations") or []]
        tools = [
            Tool(tool["name"], tool.get("parametersJsonSchema") or tool.get("parameters") or {}) for tool in declared
        ]
        return _conversation(self.name, said, tools, results)

    def stream(self, answer: Say | Call) -> Iterator[str]:
        yield _event(self.whole(answer))

    def whole(self, answer: Say | Call) -> Body:
        if isinstance(answer, Say):
            part: Body = {"text": answer.text}
        else:
            part = {"functionCall": {"name": answer.tool.name, "args": answer.arguments, "id": _new("call")}}
        candidate = {"index": 0, "content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}
        usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": MODEL, "responseId": _new("r")}
