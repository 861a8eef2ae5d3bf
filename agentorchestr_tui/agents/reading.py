"""Strict reading of TOML tables into frozen dataclasses: every wrong key is named with the nearest right one."""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
import types
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from agentorchestr_tui.core.errors import CardError

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json]"
JsonTable: TypeAlias = dict[str, "Json"]


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[object]]]


_T = TypeVar("_T", bound=_Dataclass)


def read_file(kind: type[_T], path: Path) -> _T:
    """Read one TOML file as a `kind`; its `name`, where it has one, must be the file's. Raises: CardError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardError(f"{path} cannot be read as TOML: {error}. Mend the file or move it away.") from error
    if "name" in table and table["name"] != path.stem:
        raise CardError(f"{path} says name = {table['name']!r}: say {path.stem!r}, as the file is called.")
    return read_table(kind, table, str(path))


def read_table(kind: type[_T], table: Mapping[str, object], where: str) -> _T:
    """Make a `kind` of a parsed table; `where` opens every complaint. Raises: CardError."""
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    _refuse_unknown(table, list(fields), where)
    missing = [name for name, field in fields.items() if name not in table and _is_required(field)]
    if missing:
        raise CardError(f"{where} lacks the key {missing[0]!r}: add it.")
    hints = _hints(kind)
    make: Callable[..., _T] = kind
    return make(**{name: _value(hints[name], value, f"{where}: {name}") for name, value in table.items()})


def _refuse_unknown(table: Mapping[str, object], known: list[str], where: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
            raise CardError(f"{where} has an unknown key {key!r}: the nearest known one is {near[0]!r}.")


def _is_required(field: dataclasses.Field[object]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


@cache
def _hints(kind: type[object]) -> dict[str, object]:
    return get_type_hints(kind, localns={"Json": object})


def _value(hint: object, value: object, where: str) -> object:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is dict:  # a JsonTable
        return _expect(dict, value, where, "a table")
    if origin in (Union, types.UnionType):
        return _value(next(part for part in arguments if part is not type(None)), value, where)
    if origin is tuple:
        items = _expect(list, value, where, "a list")
        return tuple(_value(arguments[0], item, f"{where}[{index}]") for index, item in enumerate(items))
    if origin is Mapping:
        table = _expect(dict, value, where, "a table")
        return {key: _value(arguments[1], item, f"{where}.{key}") for key, item in table.items()}
    if origin is re.Pattern:
        return _pattern(_expect(str, value, where, "a string"), where)
    return _plain(hint, value, where)


def _plain(hint: object, value: object, where: str) -> object:
    if not isinstance(hint, type):
        raise TypeError(f"no reading of {hint!r}")
    if dataclasses.is_dataclass(hint):
        return read_table(hint, _expect(dict, value, where, "a table"), where)
    if issubclass(hint, StrEnum):
        return _member(hint, value, where)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise CardError(f"{where} is {value!r}: give {_KINDS[hint]}.")
    return value


_KINDS = {str: "a string", bool: "true or false", int: "a whole number", float: "a number"}
_E = TypeVar("_E")


def _expect(kind: type[_E], value: object, where: str, words: str) -> _E:
    if not isinstance(value, kind):
        raise CardError(f"{where} is {value!r}: give {words}.")
    return value


def _member(kind: type[StrEnum], value: object, where: str) -> StrEnum:
    for member in kind:
        if member.value == value:
            return member
    raise CardError(f"{where} is {value!r}: say one of {', '.join(member.value for member in kind)}.")


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.MULTILINE)
    except re.error as error:
        raise CardError(f"{where} is no regular expression ({error}): mend it.") from error
