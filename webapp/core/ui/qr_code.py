"""QR codes as SVG."""

from io import BytesIO


def qr_svg(url: str, standalone: bool = False) -> str:
    """Return the QR code as SVG, black on white in every theme, for cameras.

    It is made for use inside a page, or as a file of its own (`standalone`).
    """
    import segno  # imported here because few pages need it

    target = BytesIO()
    segno.make(url, error="m", micro=False).save(
        target,
        kind="svg",
        xmldecl=False,
        svgns=standalone,
        nl=False,
        border=3,
        omitsize=True,
        svgclass=None,
        lineclass=None,
        dark="#000",
        light="#fff",
    )
    return target.getvalue().decode()
