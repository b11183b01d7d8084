using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using A = DocumentFormat.OpenXml.Drawing;
using P = DocumentFormat.OpenXml.Presentation;

namespace RedisInfer.Tests.Documents;

/// <summary>A PPTX of Microsoft's library, so that it is what programs write.</summary>
internal static class SlideFixture
{
    /// <summary>A PPTX of two slides: the title is painted last on the first, the second has a table.</summary>
    public static byte[] Write()
    {
        using var file = new MemoryStream();
        using (PresentationDocument document = PresentationDocument.Create(file, PresentationDocumentType.Presentation))
        {
            PresentationPart show = document.AddPresentationPart();
            var ids = new P.SlideIdList(
                Slide(show, 256, Shape(P.PlaceholderValues.Body, "First point", "Second point"), Shape(P.PlaceholderValues.Title, "Ferries"),
                    Shape(P.PlaceholderValues.SlideNumber, "1")),
                Slide(show, 257, Shape(P.PlaceholderValues.Title, "Prices"), TableShape()));
            show.Presentation = new P.Presentation(ids);
        }

        return file.ToArray();
    }

    private static P.SlideId Slide(PresentationPart show, uint id, params OpenXmlElement[] shapes)
    {
        SlidePart part = show.AddNewPart<SlidePart>();
        var tree = new P.ShapeTree(
            new P.NonVisualGroupShapeProperties(
                new P.NonVisualDrawingProperties { Id = 1, Name = "" }, new P.NonVisualGroupShapeDrawingProperties(), new P.ApplicationNonVisualDrawingProperties()),
            new P.GroupShapeProperties());
        tree.Append(shapes);
        part.Slide = new P.Slide(new P.CommonSlideData(tree));
        return new P.SlideId { Id = id, RelationshipId = show.GetIdOfPart(part) };
    }

    private static P.Shape Shape(P.PlaceholderValues kind, params string[] paragraphs) => new(
        new P.NonVisualShapeProperties(
            new P.NonVisualDrawingProperties { Id = 2, Name = "s" }, new P.NonVisualShapeDrawingProperties(),
            new P.ApplicationNonVisualDrawingProperties(new P.PlaceholderShape { Type = kind })),
        new P.ShapeProperties(),
        new P.TextBody([new A.BodyProperties(), .. paragraphs.Select(text => new A.Paragraph(new A.Run(new A.Text(text))))]));

    private static P.GraphicFrame TableShape() => new(
        new P.NonVisualGraphicFrameProperties(
            new P.NonVisualDrawingProperties { Id = 3, Name = "t" }, new P.NonVisualGraphicFrameDrawingProperties(), new P.ApplicationNonVisualDrawingProperties()),
        new P.Transform(),
        new A.Graphic(new A.GraphicData(new A.Table(
            new A.TableProperties(), new A.TableGrid(), SlideRow("Ferry", "Price"), SlideRow("Alpha", "12")))
        { Uri = "http://schemas.openxmlformats.org/drawingml/2006/table" }));

    private static A.TableRow SlideRow(params string[] cells) => new(cells.Select(cell => new A.TableCell(
        new A.TextBody(new A.BodyProperties(), new A.Paragraph(new A.Run(new A.Text(cell)))), new A.TableCellProperties())))
    { Height = 100 };
}
