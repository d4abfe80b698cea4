// The page of a map: everything it needs is in the page. Text of the data reaches the page as text only.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const FOUND = 40, LARGEST = 12, NAMED = 40, SETTLED = 300, PIECE = 1000, EARTH = 6371007.2, MARKED = "#0b3d63";

  // --- What the page holds -------------------------------------------------------------------

  const bytesOf = (text) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
    return bytes;
  };
  const inflate = (bytes) =>
    new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  const unpack = (text) => inflate(bytesOf(text));
  const take = (id) => {
    const holder = byId(id), text = holder.textContent;
    holder.remove();
    return text;
  };
  const asJson = (buffer) => JSON.parse(new TextDecoder().decode(buffer));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const element = (tag, given = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
      else if (value !== undefined && value !== null) made.setAttribute(name, value);
    }
    made.append(...inside.filter((part) => part !== null && part !== undefined));
    return made;
  };

  const arraysOf = (buffer, index) => {
    const kinds = { Float32Array, Float64Array, Uint8Array, Uint32Array, Int32Array };
    return Object.fromEntries(index.map((a) => [a.name, new kinds[a.type](buffer, a.offset, a.length)]));
  };

  // --- Start ---------------------------------------------------------------------------------

  const start = async () => {
    byId("status").textContent = "…";
    const facts = asJson(await unpack(take("facts")));
    const words = facts.words;
    byId("status").textContent = words.loading;
    const [arrayBytes, cellBytes, tileBytes, outlines] = await Promise.all([
      unpack(take("arrays")), unpack(take("overview")), unpack(take("tiles")), unpack(take("outlines")).then(asJson),
    ]);
    const page = {
      facts, words, outlines,
      arrays: arraysOf(arrayBytes, facts.arrays),
      cells: new Uint32Array(cellBytes),
      tiles: new Uint8Array(tileBytes),
      pieces: JSON.parse(take("texts")),
      off: { verdict: new Set(), type: new Set() },
      theme: "verdict", town: "", member: null, shown: new Uint8Array(facts.count), unpacked: new Map(),
    };
    page.number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    byId("made").textContent = fill(words.as_of, { date: facts.run.as_of, rules: facts.run.rules });
    buildTools(page);
    buildSide(page);
    choose(page);
    buildMap(page);
    byId("status").textContent = facts.count ? "" : words.no_parcels;
    window.lowuse = page;
  };

  // --- What is shown: filters, colours, counts ------------------------------------------------

  const choose = (page) => {
    const { arrays, off, shown, member, facts } = page;
    const town = page.town === "" ? -1 : Number(page.town);
    const left = member === null ? null : new Set(arrays.members.subarray(member.from, member.from + member.count));
    for (let i = 0; i < facts.count; i++) {
      shown[i] = !off.verdict.has(arrays.verdict[i]) && !off.type.has(arrays.type[i])
        && (town < 0 || arrays.town[i] === town) && (left === null || left.has(i)) ? 1 : 0;
    }
    page.left = left;
  };

  const classes = (page, code = page.theme) => {
    const list = page.facts.lists[code];
    if (list) return list.map((entry) => ({ label: entry.label, colour: entry.colour }));
    const { words } = page, theme = page.facts.themes.find((entry) => entry.code === code);
    const unit = theme.unit ? ` ${theme.unit}` : "", { breaks } = theme;
    const labels = [fill(words.less, { value: breaks[0] + unit })];
    for (let at = 1; at < breaks.length; at++) labels.push(`${breaks[at - 1]}–${breaks[at]}${unit}`);
    labels.push(fill(words.more, { value: breaks[breaks.length - 1] + unit }));
    return [...labels.map((label, at) => ({ label, colour: theme.colours[at] })),
      { label: words.unknown, colour: "#ffffff" }, { label: words.not_asked, colour: theme.none }];
  };

  const inView = (page) => {
    const bounds = page.map?.getBounds(), { arrays, shown, facts } = page;
    const [west, south, east, north] = bounds
      ? [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()] : [-180, -90, 180, 90];
    const kinds = classes(page).length, counts = new Float64Array(kinds), areas = new Float64Array(kinds);
    const of = arrays[page.theme], best = [];
    for (let i = 0; i < facts.count; i++) {
      if (!shown[i]) continue;
      const x = arrays.x[i], y = arrays.y[i];
      if (!(x >= west && x <= east && y >= south && y <= north)) continue;
      counts[of[i]]++;
      areas[of[i]] += arrays.area[i];
      if (arrays.verdict[i] === 0) best.push(i);
    }
    best.sort((a, b) => arrays.area[b] - arrays.area[a]);
    return { counts, areas, best: best.slice(0, LARGEST) };
  };

  // --- The side: legend, filters, search, list --------------------------------------------------

  const buildTools = (page) => {
    const { words } = page, tool = (name, act, pressed) => {
      const button = element("button", { type: "button", id: `tool-${name}`, "aria-pressed": pressed, on: { click: act } }, words[name]);
      byId("tools").append(button);
      return button;
    };
    tool("whole", () => page.map?.fitBounds(page.bounds, { padding: 20, animate: false }));
    tool("measure", () => measure(page), "false");
    tool("print", () => window.print());
  };

  const field = (label, input) => element("label", { class: "field" }, label, input);

  const options = (list, all) => [element("option", { value: "" }, all),
    ...list.map((entry, at) => element("option", { value: String(at) }, entry.label))];

  const buildSide = (page) => {
    const { words, facts } = page, side = byId("side");
    const themes = element("select", { id: "theme", on: { change: (event) => { page.theme = event.target.value; redraw(page); } } },
      element("option", { value: "verdict" }, words.verdict), element("option", { value: "type" }, words.type),
      element("optgroup", { label: words.productivity },
        ...facts.themes.map((theme) => element("option", { value: theme.code }, theme.title))));
    const towns = element("select", { id: "town", on: { change: (event) => { page.town = event.target.value; rechoose(page); } } },
      ...options(facts.lists.town, words.all));
    side.append(
      element("div", { class: "filters" }, field(words.search, searchBox(page)), element("ol", { class: "places", id: "found" })),
      field(words.colour_by, themes),
      element("h2", {}, words.legend), element("p", { id: "sum" }), element("table", { id: "legend" }),
      element("div", { class: "filters" }, element("h2", {}, words.filters), field(words.town, towns),
        memberBox(page, "criterion", facts.criteria, 0),
        memberBox(page, "problem", facts.problems, facts.criteria.reduce((sum, entry) => sum + entry.count, 0)),
        element("h2", {}, words.type), element("table", { id: "types" }),
        element("p", {}, element("button", { type: "button", id: "reset", on: { click: () => reset(page) } }, words.reset)),
        ...layerSwitches(page)),
      element("details", { open: "" }, element("summary", {}, words.list), element("ol", { class: "places", id: "list" })));
  };

  const memberBox = (page, name, entries, from) => {
    let at = from;
    const members = entries.map((entry) => { const own = { from: at, count: entry.count }; at += entry.count; return own; });
    const box = element("select", { id: name, on: { change: () => {
      for (const other of ["criterion", "problem"]) if (other !== name) byId(other).value = "";
      page.member = box.value === "" ? null : members[Number(box.value)];
      rechoose(page);
    } } }, ...options(entries.map((entry) => ({ label: `${entry.code} ${entry.label} (${entry.count})` })), page.words.all));
    return field(page.words[name], box);
  };

  const layerSwitches = (page) => ["units", "legacy"].filter((name) => page.outlines[name].features.length).map((name) =>
    element("label", { class: "layer" }, element("input", { type: "checkbox", id: `show-${name}`, checked: name === "units" ? "" : null, on: {
      change: (event) => {
        for (const layer of [`${name}-fill`, `${name}-line`]) {
          if (page.map?.getLayer(layer)) page.map.setLayoutProperty(layer, "visibility", event.target.checked ? "visible" : "none");
        }
        page.hidden = { ...page.hidden, [name]: !event.target.checked };
        names(page);
      } } }), ` ${page.words[name]} (${page.outlines[name].features.length})`));

  const reset = (page) => {
    page.off = { verdict: new Set(), type: new Set() };
    page.town = ""; page.member = null;
    for (const name of ["town", "criterion", "problem"]) byId(name).value = "";
    rechoose(page);
  };

  const key = (page, list, at, entry) => {
    const off = page.off[list];
    const box = element("span", { class: "box" });
    box.style.background = entry.colour;
    if (!off) return element("span", { class: "key" }, box, entry.label);
    return element("button", { type: "button", class: "key", "aria-pressed": String(!off.has(at)), on: { click: () => {
      if (!off.delete(at)) off.add(at);
      rechoose(page);
      document.querySelector(`[data-key="${list}-${at}"] button`)?.focus();
    } } }, box, entry.label);
  };

  const hectares = (page, area) => Number.isFinite(area) ? `${page.number.format(area / 1e4)} ${page.words.hectares}` : "";

  const tell = (page) => {
    const { words, number } = page, { counts, areas, best } = inView(page), legend = byId("legend");
    legend.replaceChildren(...classes(page).map((entry, at) => element("tr", { "data-key": `${page.theme}-${at}` },
      element("th", { scope: "row" }, key(page, page.theme, at, entry)),
      element("td", { class: "number" }, number.format(counts[at])),
      element("td", { class: "number" }, hectares(page, areas[at])))));
    const total = (list) => list.reduce((sum, value) => sum + value, 0);
    byId("sum").textContent = fill(words.in_view, { count: number.format(total(counts)), area: number.format(total(areas) / 1e4) });
    byId("types").replaceChildren(...page.facts.lists.type.map((entry, at) =>
      element("tr", { "data-key": `type-${at}` }, element("th", { scope: "row" }, key(page, "type", at, entry)))));
    clearTimeout(page.listing);  // texts are unpacked once the map stands still
    page.listing = setTimeout(() => offer(page, byId("list"), best), SETTLED);
  };

  const offer = async (page, list, found) => {
    const asked = (list.asked = {});
    const rows = await Promise.all(found.map(async (i) => {
      const [, code, location, owner] = await textOf(page, i);
      return element("li", {}, element("button", { type: "button", on: { click: () => show(page, i, true) } },
        code || location || "—", element("small", {}, [owner || location, hectares(page, page.arrays.area[i])].filter(Boolean).join("  "))));
    }));
    if (list.asked === asked) list.replaceChildren(...rows);
  };

  // --- Texts -----------------------------------------------------------------------------------

  const pieceOf = (page, at) => {
    if (!page.unpacked.has(at)) page.unpacked.set(at, unpack(page.pieces[at]).then(asJson));
    return page.unpacked.get(at);
  };
  const textOf = async (page, i) => (await pieceOf(page, Math.floor(i / PIECE)))[i % PIECE];

  const searchBox = (page) => {
    let last = 0;
    return element("input", { type: "search", id: "search", placeholder: page.words.search_hint, on: {
      input: (event) => { const turn = ++last; setTimeout(() => turn === last && search(page, event.target.value.trim(), () => turn === last), 250); },
    } });
  };

  const search = async (page, wanted, current) => {
    const list = byId("found"), low = wanted.toLowerCase(), found = [];
    if (low.length < 2) { list.asked = {}; list.replaceChildren(); byId("status").textContent = ""; return; }
    for (let at = 0; at < page.pieces.length; at++) {
      const lines = await pieceOf(page, at);
      if (!current()) return;
      lines.forEach((line, n) => { if (line.slice(0, 4).join("\n").toLowerCase().includes(low)) found.push(at * PIECE + n); });
    }
    byId("status").textContent = fill(page.words.found, { count: page.number.format(found.length) });
    setTimeout(() => { byId("status").textContent = ""; }, 2500);
    offer(page, list, found.slice(0, FOUND));
  };

  const show = async (page, i, fly = false) => {
    const { words, arrays, facts, number } = page, box = byId("details");
    const [row, code, location, owner, why, missing, ask, flags, soFar, problems, unit] = await textOf(page, i);
    const verdict = facts.lists.verdict[arrays.verdict[i]], type = facts.lists.type[arrays.type[i]];
    const badge = element("span", { class: "verdict" }, verdict.label);
    badge.style.background = verdict.colour;
    const line = (name, text) => text && text.length ? [element("dt", {}, words[name]), element("dd", {},
      Array.isArray(text) ? element("ul", {}, ...text.map((one) => element("li", {}, one))) : text)] : [];
    const theme = facts.themes.find((entry) => entry.code === page.theme);
    box.replaceChildren(
      element("div", { class: "head" }, element("h2", { tabindex: "-1" }, code || row),
        element("button", { type: "button", id: "close", on: { click: () => close(page) } }, words.close)),
      element("p", {}, badge, ` ${type.label} · ${facts.lists.town[arrays.town[i]].label}`),
      element("dl", {}, ...line("location", location), ...line("owner", owner),
        ...line("area", Number.isFinite(arrays.area[i]) ? `${number.format(arrays.area[i])} m² (${number.format(arrays.area[i] / facts.mu)} ${words.mu})` : words.unknown),
        ...(theme ? [element("dt", {}, theme.title), element("dd", {}, classes(page)[arrays[page.theme][i]].label)] : []),
        ...line("why", why.split(/[；;] ?/).filter(Boolean)), ...line("missing", missing), ...line("ask", ask), ...line("flags", flags),
        ...line("so_far", soFar), ...line("problems", problems), ...line("unit", unit)));
    box.hidden = false;
    page.picked = i;
    box.querySelector("h2").focus();
    const there = Number.isFinite(arrays.x[i]);
    if (!there) box.append(element("p", {}, words.no_shape));
    if (page.map) {
      page.map.resize();
      if (there && fly) page.map.jumpTo({ center: [arrays.x[i], arrays.y[i]], zoom: Math.max(page.map.getZoom(), 15.5) });
      mark(page, i);
    }
  };

  const close = (page) => {
    byId("details").hidden = true;
    page.picked = null;
    page.map?.resize();
    if (page.map) mark(page, -1);
    byId("map").querySelector("canvas")?.focus();
  };

  // --- The map -----------------------------------------------------------------------------------

  const colourOf = (page) => ["match", ["get", page.theme], ...classes(page).flatMap((entry, at) => [at, entry.colour]), "#888888"];

  const filterOf = (page) => {
    const parts = ["all"], { off, town, left } = page;
    for (const list of ["verdict", "type"]) {
      if (off[list].size) parts.push(["!", ["in", ["get", list], ["literal", [...off[list]]]]]);
    }
    if (town !== "") parts.push(["==", ["get", "town"], Number(town)]);
    if (left !== null) parts.push(left.size ? ["match", ["get", "i"], [...left], true, false] : false);
    return parts;
  };

  const paintOverview = (page) => {
    const { cells, canvas, facts, shown, arrays } = page, of = arrays[page.theme];
    const little = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
    const inks = classes(page).map(({ colour }) => {
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
      return little ? (0xff << 24 | b << 16 | g << 8 | r) >>> 0 : (r << 24 | g << 16 | b << 8 | 0xff) >>> 0;
    });
    const table = new Uint32Array(facts.count + 1);
    for (let i = 0; i < facts.count; i++) table[i + 1] = shown[i] ? inks[of[i]] : 0;
    const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
    const out = new Uint32Array(image.data.buffer);
    for (let at = 0; at < cells.length; at++) out[at] = table[cells[at]];
    context.putImageData(image, 0, 0);
    const source = page.map?.getSource("overview");
    if (source) { source.play(); source.prepare(); page.map.triggerRepaint(); requestAnimationFrame(() => source.pause()); }
  };

  const tileSource = (page) => {
    const { zoom } = page.facts.tiles, at = new Map(), list = page.arrays.tiles;
    for (let n = 0; n < list.length; n += 4) at.set(`${list[n]}/${list[n + 1]}`, [list[n + 2], list[n + 3]]);
    maplibregl.addProtocol("lowuse", async ({ url }) => {
      const [, , column, row] = url.match(/(\d+)\/(\d+)\/(\d+)$/);
      const found = at.get(`${column}/${row}`);
      if (!found) return { data: new ArrayBuffer(0) };
      return { data: await inflate(page.tiles.subarray(found[0], found[0] + found[1])) };
    });
    return { type: "vector", tiles: ["lowuse://tiles/{z}/{x}/{y}"], minzoom: zoom, maxzoom: zoom };
  };

  const buildMap = (page) => {
    const { facts, outlines, words } = page, { size, corners } = facts.overview, zoom = facts.tiles.zoom;
    page.canvas = element("canvas", { width: size[0], height: size[1] });
    page.bounds = [[corners[0][0], corners[2][1]], [corners[1][0], corners[0][1]]];
    const parcels = { source: "tiles", "source-layer": facts.tiles.layer, minzoom: zoom };
    const geojson = (data) => ({ type: "geojson", data });
    try {
      page.map = new maplibregl.Map({
        container: "map", bounds: page.bounds, fitBoundsOptions: { padding: 20 }, attributionControl: false, maxZoom: 21,
        canvasContextAttributes: { preserveDrawingBuffer: true }, fadeDuration: 0, dragRotate: false, pitchWithRotate: false,
        style: { version: 8, sources: {
          overview: { type: "canvas", canvas: page.canvas, coordinates: corners, animate: false },
          tiles: tileSource(page), units: geojson(outlines.units), legacy: geojson(outlines.legacy),
          measure: geojson({ type: "FeatureCollection", features: [] }),
        }, layers: [
          { id: "ground", type: "background", paint: { "background-color": "#f3f1ec" } },
          { id: "overview", type: "raster", source: "overview", maxzoom: zoom, paint: { "raster-resampling": "nearest", "raster-fade-duration": 0 } },
          { id: "parcels", type: "fill", ...parcels, paint: { "fill-color": colourOf(page), "fill-opacity": 0.85 } },
          { id: "borders", type: "line", ...parcels, paint: { "line-color": "#5a5a5a", "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.2, 17, 1] } },
          { id: "legacy-fill", type: "fill", source: "legacy", layout: { visibility: "none" }, paint: { "fill-color": "#6a4c93", "fill-opacity": 0.25 } },
          { id: "legacy-line", type: "line", source: "legacy", layout: { visibility: "none" }, paint: { "line-color": "#6a4c93", "line-width": 1.2, "line-dasharray": [2, 1.5] } },
          { id: "units-fill", type: "fill", source: "units", paint: { "fill-color": MARKED, "fill-opacity": 0.05 } },
          { id: "units-line", type: "line", source: "units", paint: { "line-color": MARKED, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.7, 15, 2.4] } },
          { id: "picked", type: "line", ...parcels, filter: false, paint: { "line-color": "#111111", "line-width": 3 } },
          { id: "measure-line", type: "line", source: "measure", paint: { "line-color": "#d6006c", "line-width": 2 } },
          { id: "measure-point", type: "circle", source: "measure", paint: { "circle-color": "#d6006c", "circle-radius": 4 } },
        ] },
      });
    } catch (error) {
      byId("map").textContent = words.no_webgl;
      console.warn(error);
      tell(page);
      return;
    }
    const { map } = page;
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl({ maxWidth: 140 }), "bottom-left");
    map.on("load", () => redraw(page));
    map.on("movestart", () => { document.body.dataset.map = "busy"; });
    map.on("idle", () => { document.body.dataset.map = "idle"; });
    map.on("moveend", () => { tell(page); names(page); });
    map.on("click", (event) => { if (!page.measuring) pick(page, event); });
    map.on("mousemove", (event) => { map.getCanvas().style.cursor = page.measuring ? "crosshair" : at(page, event) >= 0 ? "pointer" : ""; });
  };

  const at = (page, { lngLat, point }) => {
    const { map, facts, cells, shown } = page;
    if (map.getZoom() >= facts.tiles.zoom) {
      const found = map.getLayer("parcels") ? map.queryRenderedFeatures(point, { layers: ["parcels"] }) : [];
      return found.length ? found[0].properties.i : -1;
    }
    const { size, corners } = facts.overview, up = (y) => Math.log(Math.tan(Math.PI / 4 + y * Math.PI / 360));
    const x = Math.floor((lngLat.lng - corners[0][0]) / (corners[1][0] - corners[0][0]) * size[0]);
    const y = Math.floor((up(corners[0][1]) - up(lngLat.lat)) / (up(corners[0][1]) - up(corners[2][1])) * size[1]);
    if (x < 0 || y < 0 || x >= size[0] || y >= size[1]) return -1;
    const found = cells[y * size[0] + x] - 1;
    return found >= 0 && shown[found] ? found : -1;
  };

  const pick = (page, event) => { const found = at(page, event); if (found >= 0) show(page, found); };

  const mark = (page, i) => { if (page.map.getLayer("picked")) page.map.setFilter("picked", ["==", ["get", "i"], i]); };

  const redraw = (page) => {
    paintOverview(page);
    if (page.map?.getLayer("parcels")) {
      page.map.setPaintProperty("parcels", "fill-color", colourOf(page));
      for (const layer of ["parcels", "borders"]) page.map.setFilter(layer, filterOf(page));
    }
    tell(page);
    names(page);
  };

  const rechoose = (page) => { choose(page); redraw(page); };

  // Names stand as elements over the map, so that they are written in the reader's own fonts.
  const names = (page) => {
    for (const marker of page.names ?? []) marker.remove();
    page.names = [];
    if (!page.map) return;
    const put = (place, text, kind) => {
      const marker = new maplibregl.Marker({ element: element("div", { class: `name ${kind}` }, text) }).setLngLat(place).addTo(page.map);
      marker.getElement().removeAttribute("role");
      page.names.push(marker);
    };
    const zoom = page.map.getZoom(), bounds = page.map.getBounds();
    if (zoom < page.facts.tiles.zoom) for (const [place, label] of townPlaces(page)) { if (bounds.contains(place)) put(place, label, "town"); }
    else if (!page.hidden?.units) {
      const inside = unitPlaces(page).filter(([place]) => bounds.contains(place));
      if (inside.length <= NAMED) for (const [place, label] of inside) put(place, label, "unit");
    }
  };

  const townPlaces = (page) => {
    if (!page.townPlaces) {
      const { arrays, facts } = page, sums = facts.lists.town.map(() => [0, 0, 0]);
      for (let i = 0; i < facts.count; i++) {
        if (!Number.isFinite(arrays.x[i])) continue;
        const sum = sums[arrays.town[i]], weight = arrays.area[i];
        sum[0] += arrays.x[i] * weight; sum[1] += arrays.y[i] * weight; sum[2] += weight;
      }
      page.townPlaces = facts.lists.town.flatMap((town, n) => town.code && sums[n][2] ? [[[sums[n][0] / sums[n][2], sums[n][1] / sums[n][2]], town.label]] : []);
    }
    return page.townPlaces;
  };

  const unitPlaces = (page) => (page.unitPlaces ??= page.outlines.units.features.map(({ geometry, properties }) => {
    const ring = geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates[0][0];
    const [x, y] = [0, 1].map((n) => (Math.min(...ring.map((p) => p[n])) + Math.max(...ring.map((p) => p[n]))) / 2);
    return [[x, y], properties.name || properties.id.slice(-page.facts.unit_signs)];
  }));

  // --- Measuring: on the sphere of the same area, good to a thousandth -----------------------------

  const measure = (page) => {
    const { map, words } = page, button = byId("tool-measure");
    if (!map) return;
    if (page.measuring) { page.measuring(); return; }
    const points = [], source = map.getSource("measure"), rad = Math.PI / 180;
    const draw = () => {
      const line = points.length > 1 ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points.length > 2 ? [...points, points[0]] : points } }] : [];
      source.setData({ type: "FeatureCollection", features: [...line, ...points.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }))] });
      let length = 0, area = 0;
      points.forEach(([x, y], n) => {
        const [u, v] = points[(n + 1) % points.length];
        area += (u - x) * rad * (2 + Math.sin(y * rad) + Math.sin(v * rad));
        if (n + 1 < points.length) {
          const h = Math.sin((v - y) * rad / 2) ** 2 + Math.cos(y * rad) * Math.cos(v * rad) * Math.sin((u - x) * rad / 2) ** 2;
          length += 2 * EARTH * Math.asin(Math.sqrt(h));
        }
      });
      area = points.length > 2 ? Math.abs(area) * EARTH * EARTH / 2 : 0;
      byId("status").textContent = points.length < 2 ? words.measure_hint : fill(words.measured, {
        length: page.number.format(length), area: page.number.format(area), mu: page.number.format(area / page.facts.mu) });
    };
    const add = ({ lngLat }) => { points.push([lngLat.lng, lngLat.lat]); draw(); };
    const leave = (event) => { if (event.key === "Escape") page.measuring?.(); };
    map.on("click", add);
    window.addEventListener("keydown", leave);
    button.setAttribute("aria-pressed", "true");
    page.measuring = () => {
      map.off("click", add);
      window.removeEventListener("keydown", leave);
      source.setData({ type: "FeatureCollection", features: [] });
      button.setAttribute("aria-pressed", "false");
      byId("status").textContent = "";
      page.measuring = null;
    };
    draw();
  };

  start().catch((error) => { byId("status").textContent = String(error); throw error; });
})();
