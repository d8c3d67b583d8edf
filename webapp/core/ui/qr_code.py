"""QR codes as SVG."""


def qr_svg(url: str, standalone: bool = False) -> str:
    """Return the QR code as SVG, black on white in every theme, for cameras.

    It is made for use inside a page, or as a file of its own (`standalone`).
    """
    import segno  # imported here because few pages need it

    made = segno.make(url, error="m", micro=False)
    namespace = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    svg: str = made.svg_inline(
        border=3, omitsize=True, svgclass=None, lineclass=None, dark="#000", light="#fff"
    )
    return svg.replace("<svg", f"<svg{namespace}", 1)
