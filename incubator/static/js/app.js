// What every page gets. Each module adds to a page that already works without it.
import "./lib/swap.js";
import "./ui/copy.js";
import "./ui/dialog.js";
import "./ui/editor.js";
import "./ui/menu.js";
import "./ui/once.js";
import "./ui/reveal.js";
import "./ui/theme.js";
import "./ui/toast.js";
