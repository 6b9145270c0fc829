"""Values as the objects that installed packages make of tags, by the converters of the package ``asdf``."""

from __future__ import annotations

from ._tree import TaggedStr, wrap


def _asdf():
    try:
        import asdf
    except ImportError as error:
        raise ImportError("objects are made by the package asdf: pip install asdf asdf-astropy") from error
    return asdf


def to_objects(value):
    """What ``asdf.open`` would give for a node."""
    asdf = _asdf()
    from asdf import yamlutil

    context = asdf.AsdfFile()
    return yamlutil.tagged_tree_to_custom_tree(_tagged(value, {}), context)


def _tagged(value, known):
    """A value as asdf has it before it looks at the tags; arrays are numpy arrays already."""
    from asdf.tagged import TaggedDict, TaggedList, TaggedString

    if isinstance(value, TaggedStr):
        made = TaggedString(str(value))
        made._tag = value.tag
        return made
    if isinstance(value, list):
        return [(key, _tagged(item, known)) for key, item in value]
    node = getattr(value, "_node", None)
    if node is None:
        return value
    if node.kind == "array":
        return value.masked() if value.is_masked else value.to_numpy()
    identity = node.identity
    if identity in known:
        return known[identity]
    file = value.file
    if node.is_map:
        made = known[identity] = TaggedDict({}, node.tag) if node.tag else {}
        for key, item in node.items():
            made[key] = _tagged(wrap(file, item), known)
        return made
    made = known[identity] = TaggedList([], node.tag) if node.tag else []
    for item in node.values():
        made.append(_tagged(wrap(file, item), known))
    return made


class Converters:
    """What makes nodes of objects that are to be written: the converters of the package ``asdf``."""

    def __init__(self):
        self._context = None

    def node_of(self, value):
        """A tag and a node, or None when nothing knows the object."""
        try:
            import asdf
        except ImportError:
            return None
        if self._context is None:
            self._context = asdf.AsdfFile()
        manager = self._context.extension_manager
        if not manager.handles_type(type(value)):
            return None
        converter = manager.get_converter_for_type(type(value))
        tag = converter.select_tag(value, self._context)
        if tag is None:
            return None, converter.to_yaml_tree(value, tag, self._context)
        node = converter.to_yaml_tree(value, tag, self._context)
        if hasattr(node, "send"):
            node = next(node)
        return tag, node


