// @ts-check
// Only in the configurator.
import "../preview.js";
import { english } from "../pseudo.js";
import { ENGLISH } from "./strings.js";

Object.assign(english, ENGLISH);
