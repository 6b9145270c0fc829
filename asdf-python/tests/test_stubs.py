"""The type stubs say what the package has."""

import ast
import inspect
import pathlib

import asdfkit

FOLDER = pathlib.Path(asdfkit.__file__).parent


def test_stubs_name_what_is_there():
    stub = ast.parse((FOLDER / "__init__.pyi").read_text())
    classes = {node.name: node for node in stub.body if isinstance(node, ast.ClassDef)}
    functions = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
    for name in asdfkit.__all__:
        value = getattr(asdfkit, name)
        if inspect.isclass(value):
            assert name in classes, name
            public = {key for base in value.__mro__ if base.__module__.startswith("asdfkit") for key in vars(base) if key[0] != "_"}
            listed = set()
            todo = [name]
            while todo:
                node = classes[todo.pop()]
                for part in node.body:
                    if isinstance(part, ast.FunctionDef):
                        listed.add(part.name)
                    elif isinstance(part, ast.AnnAssign):
                        listed.add(part.target.id)
                todo += [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in classes]
            assert public - listed == set(), (name, public - listed)
        elif callable(value):
            assert name in functions, name
    assert (FOLDER / "py.typed").exists()


def test_public_things_are_documented():
    for name in asdfkit.__all__:
        value = getattr(asdfkit, name)
        if not callable(value):
            continue
        assert inspect.getdoc(value), name
        if inspect.isclass(value):
            for key, member in vars(value).items():
                if key[0] != "_" and (callable(member) or isinstance(member, property)):
                    assert inspect.getdoc(member), f"{name}.{key}"
