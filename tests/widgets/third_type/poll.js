// @ts-check
import { boot } from "../../../static/frame/boot.js";
import { connect } from "../../../static/frame/port.js";

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
const show = (/** @type {Record<string, any>} */ config) => root.replaceChildren(config.title);
show(boot.config);
connect({ config: show }).ready();
