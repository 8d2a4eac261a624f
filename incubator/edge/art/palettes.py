"""Colours of the drawings. They stay the same in the light and the dark theme."""

from __future__ import annotations

SPROUT = "#CFEA6A"
HONEY = "#F4C95D"

# One row a Site.hue: dark, strong, light, pale; the angles of .site--h0 … .site--h11 in tokens.css.
HUES = (
    ("#033761", "#2266A4", "#91C3F6", "#D9EAFC"),
    ("#024122", "#0B7643", "#8ECFA4", "#D4F0DC"),
    ("#473005", "#825B0C", "#DEB77A", "#F7E5CB"),
    ("#5B1F17", "#9C4438", "#F2A89B", "#FFE0DA"),
    ("#3D285C", "#6E519D", "#C6B1F0", "#EBE3FC"),
    ("#033E3E", "#017272", "#72D0D0", "#CAF1F0"),
    ("#561E3C", "#94436D", "#EBA6C6", "#FEDEEC"),
    ("#343900", "#626A09", "#BBC581", "#E6ECCE"),
    ("#043B4C", "#116D8A", "#7ACAE9", "#CDEEFC"),
    ("#562600", "#974C12", "#EDAE88", "#FFE1D0"),
    ("#292F63", "#505BA7", "#ACBAF8", "#E2E7FD"),
    ("#1F3F06", "#437224", "#A5CB90", "#DDEED4"),
)

BACKGROUNDS = (
    *("#F8D9A8", "#D6E8F7", "#DDEFE4", "#F9DFD2", "#ECE5F8", "#FBEFC9", "#D9EFE9"),
    *("#E2EFD0", "#F6E3D5", "#F4DDE4", "#E3E6F2", "#DCEBFA", "#F0E6D8"),
)
SKINS = (  # face, and its shade on neck and ears
    ("#F6D3BD", "#E5B79B"),
    ("#E8B892", "#D39C74"),
    ("#C98A5E", "#B0744A"),
    ("#9A5F3C", "#824C2D"),
    ("#7E4D30", "#643A22"),
)
DARK_HAIRS = ("#2A1A14", "#1A120E", "#15110F", "#3A2416", "#A9A196", "#5A3A22")
HAIRS = (*DARK_HAIRS, "#8C3B1F", "#B98545", "#6B2E1B", "#D9A441")
CLOTHES = (
    *("#0A5C44", "#7A5BB5", "#2F4858", "#E2A72E", "#33564A", "#C84B31", "#1D548C"),
    *("#233E33", "#D9472B", "#5B8F7B", "#5A1F33", "#0E7A66", "#E8A33D", "#7A4A2A"),
)
COLLARS = ("#F3F8EE", "#E8EEF2", "#F8E8C8", "#DCE9F6", "#F1E4E6", "#E9DCC8")
FRAMES = ("#22302A", "#3A2618", "#7A2E18", "#2A2A2A")
