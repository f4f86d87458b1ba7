// Below this width the panes are stacked, as in the stylesheet.
export const PHONE = matchMedia("(max-width: 700px)");
