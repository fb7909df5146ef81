// @ts-check
/**
 * What the buttons of ChatKit's header do; ChatKit takes a function, and the configuration has a word for it.
 * @typedef {object} Deeds
 * @property {() => void} close
 * @property {() => void} newChat
 * @property {() => void} history
 * @property {() => void} event
 */

/**
 * The header's options with their functions.
 * @param {Record<string, any> | undefined} header
 * @param {Record<string, {does: string, url: string}>} actions "leftAction" and "rightAction"
 * @param {(side: string) => Deeds} deeds
 */
export function withActions(header, actions, deeds) {
  const made = { ...header };
  for (const [side, { does, url }] of Object.entries(actions)) {
    const { close, newChat, history, event } = deeds(side);
    const link = () => void window.open(url, "_blank", "noopener");
    const onClick = { close, new_chat: newChat, history, event, link }[does];
    made[side] = { ...made[side], onClick };
  }
  return made;
}
