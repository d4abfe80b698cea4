"""Run by the Python of Debian's QGIS: open a project, or a layer alone, and tell what QGIS says."""

import json
import os
import sys
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsLayoutExporter,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QImage

DPI = int(os.environ.get("QGIS_READER_DPI", "120"))


def told_of(layer):
    """Tell what QGIS makes of a layer."""
    renderer = layer.renderer()
    setups = {field.name(): layer.editorWidgetSetup(at) for at, field in enumerate(layer.fields())}
    return {
        "name": layer.name(),
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "renderer": renderer.type() if renderer else "",
        "classes": [item.label() for item in renderer.legendSymbolItems()] if renderer else [],
        "labels": layer.labelsEnabled(),
        "aliases": {
            field.name(): layer.attributeAlias(at) for at, field in enumerate(layer.fields())
        },
        "words": {n: s.config().get("map") for n, s in setups.items() if s.type() == "ValueMap"},
    }


def colours(image):
    """Count the colours of a picture, the frequent ones."""
    image = image.convertToFormat(QImage.Format_RGB32)
    found = {}
    for y in range(0, image.height(), 2):
        for x in range(0, image.width(), 2):
            found[image.pixel(x, y) & 0xFFFFFF] = found.get(image.pixel(x, y) & 0xFFFFFF, 0) + 1
    return {f"#{colour:06x}": count for colour, count in found.items() if count > 1}


def drawn(layers, extent):
    """Draw layers without smoothing, so that colours are those of the styles."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(900, 800))
    settings.setFlag(QgsMapSettings.Antialiasing, False)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return colours(job.renderedImage())


def project(path, folder):
    """Tell what a project holds, and print its sheets into a folder."""
    opened = QgsProject.instance()
    read = opened.read(path)
    layers = list(opened.mapLayers().values())
    sheets = {}
    for at, sheet in enumerate(opened.layoutManager().printLayouts()):
        exporter = QgsLayoutExporter(sheet)
        picture = QgsLayoutExporter.ImageExportSettings()
        picture.dpi = DPI
        done = [exporter.exportToImage(f"{folder}/{at}.png", picture)]
        if at == 0:
            done.append(
                exporter.exportToPdf(f"{folder}/{at}.pdf", QgsLayoutExporter.PdfExportSettings())
            )
        sheets[sheet.name()] = {
            "done": [code == QgsLayoutExporter.Success for code in done],
            "items": sorted({type(item).__name__ for item in sheet.items()}),
            "texts": [item.currentText() for item in sheet.items() if hasattr(item, "currentText")],
        }
    root = opened.layerTreeRoot()
    shown = [layer for layer in root.layerOrder() if root.findLayer(layer).isVisible()]
    view = opened.viewSettings().defaultViewExtent()
    return {
        "read": read,
        "title": opened.title(),
        "crs": opened.crs().authid(),
        "groups": [group.name() for group in root.children()],
        "shown": [layer.name() for layer in shown],
        "layers": {layer.id(): told_of(layer) for layer in layers},
        "places": [b.name() for b in opened.bookmarkManager().bookmarks()],
        "sheets": sheets,
        "colours": drawn(shown, view),
    }


def alone(path):
    """Tell of a layer; it must be gone before QGIS ends."""
    file, name = path.rsplit("|", 1)
    return told_of(QgsVectorLayer(f"{file}|layername={name}", name, "ogr"))


def main():
    """Answer as JSON: what was asked, and all that QGIS wrote into its log."""
    what, path, folder = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    log = []
    QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel].connect(
        lambda text, tag, _level: log.append(f"{tag}: {text}")
    )
    told = project(path, folder) if what == "project" else alone(path)
    told |= {"log": log, "version": Qgis.QGIS_VERSION}
    Path(folder, "told.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    QgsProject.instance().clear()
    application.exitQgis()


main()
