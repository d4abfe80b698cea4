"""What was filed, or would be, on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowuse_gis.console.show import table, to_screen, to_user
from lowuse_gis.io.package.writing import records_of
from lowuse_gis.language import _

if TYPE_CHECKING:
    from lowuse_gis.commands.export import Exported
    from lowuse_gis.io.package.names import PackageFile


def show_exported(exported: Exported) -> None:
    """Show the files of a package, what they hold, and what stands in the way.

    Parameters
    ----------
    exported
        Of the command.
    """
    title = _("Package in {folder}, profile {profile}")
    made = table(
        title.format(folder=exported.folder, profile=exported.profile),
        [(_("file"), "left"), (_("format"), "left"), (_("holds"), "left"), (_("records"), "right")],
    )
    for file in exported.files:
        holds, records = _held(file, exported)
        made.add_row(file.path, file.form, holds, records)
    to_screen().print(made)
    if len(exported.blocks) and not exported.manifest:
        _show_blocks(exported)
    for name, dataset in exported.content.absent.items():
        to_user().print(
            _("not in it: {name}; no {dataset} given").format(name=name, dataset=dataset)
        )
    if exported.content.cut:
        places = "、".join(f"{place} {count}" for place, count in exported.content.cut.items())
        to_user().print(_("texts shortened to their field: {places}").format(places=places))
    if not exported.manifest:
        to_user().print(_("dry run: nothing was written"))
    elif exported.manifest["drafts"]:
        count = exported.manifest["drafts"]
        to_user().print(_("{count} verdicts are drafts until the towns decide").format(count=count))


def _held(file: PackageFile, exported: Exported) -> tuple[str, str]:
    if file.path in exported.content.papers:
        papers = exported.content.papers[file.path]
        return "、".join(papers["type"].drop_duplicates()), f"{len(papers):,}"
    layers, sheets = exported.content.layers, exported.content.sheets
    names = [*file.layers, *(sheets[name].name for name in file.tables)]
    counts = [len(records_of(layers[name], file)) for name in file.layers]
    counts += [len(sheets[name].frame) for name in file.tables]
    return " ".join(names), " ".join(f"{count:,}" for count in counts)


def _show_blocks(exported: Exported) -> None:
    made = table(
        _("What stands in the way"),
        [(_("layer"), "left"), (_("field"), "left"), (_("what"), "left"), (_("count"), "right")],
    )
    for line in exported.blocks.itertuples():
        made.add_row(line.layer, line.field, line.what, f"{line.count:,}")
    to_screen().print(made)


def exported_json(exported: Exported) -> dict[str, Any]:
    """Return the manifest, or what a dry run says.

    Parameters
    ----------
    exported
        Of the command.

    Returns
    -------
    dict
    """
    if exported.manifest:
        return dict(exported.manifest)
    return {
        "profile": exported.profile,
        "files": [file.path for file in exported.files],
        "blocks": exported.blocks.to_dict("records"),
        "absent": dict(exported.content.absent),
        "shortened": dict(exported.content.cut),
    }
