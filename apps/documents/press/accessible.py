"""What PDF/UA-1 asks beyond what WeasyPrint writes for PDF/A: header scopes, the languages of
quotes, and the claim."""

import pydyf

# PDF/A lets a file use the `pdfuaid` words only when it explains them.
CLAIM = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that this file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""

QUOTE = "/BlockQuote"


def quotes_in(box):
    """The boxes of quotes, in the order in which WeasyPrint tags them."""
    box = getattr(box, "_box", box)  # what is placed elsewhere stands in its placeholder
    if getattr(box, "element_tag", None) == "blockquote":
        yield box
    for child in getattr(box, "children", ()):
        yield from quotes_in(child)


def finish(document, pdf) -> None:
    """WeasyPrint's last call before the file is written."""
    quotes = [each for page in document.pages for each in quotes_in(page._page_box)]
    tags = [each for each in pdf.objects if isinstance(each, dict) and each.get("S") == QUOTE]
    for quote, tag in zip(quotes, tags, strict=True):
        if language := quote.element.get("lang"):
            tag["Lang"] = pydyf.String(language)
    kept = {each.reference: each for each in pdf.objects if isinstance(each, dict)}
    for element in kept.values():
        if element.get("S") == "/TH":
            row = kept[element["P"]]
            of_columns = kept[row["P"]].get("S") == "/THead"
            element["A"]["Scope"] = "/Column" if of_columns else "/Row"
    for each in pdf.objects:
        if getattr(each, "extra", {}).get("Type") == "/Metadata":
            each.stream = [part.replace(b"</rdf:RDF>", CLAIM) for part in each.stream]
