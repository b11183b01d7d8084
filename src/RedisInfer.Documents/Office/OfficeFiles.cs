namespace RedisInfer.Documents.Office;

/// <summary>What all Office Open XML files have in common.</summary>
internal static class OfficeFiles
{
    public const string WordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    public const string WordMacroType = "application/vnd.ms-word.document.macroenabled.12";
    public const string SheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string SheetMacroType = "application/vnd.ms-excel.sheet.macroenabled.12";
    public const string SlidesType = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    public const string SlidesMacroType = "application/vnd.ms-powerpoint.presentation.macroenabled.12";

    /// <summary>Path of the part that the file begins with.</summary>
    /// <param name="zip">The file.</param>
    /// <param name="usual">The usual path.</param>
    public static string MainPart(ZipPackage zip, string usual) =>
        zip.Relationships("").Values.FirstOrDefault(part => part.Type.EndsWith("/officeDocument", StringComparison.Ordinal)).Path is { } path
            && zip.Has(path) ? path : usual;

    /// <summary>The document's title, if its author has given one.</summary>
    public static string? Title(ZipPackage zip)
    {
        string? path = zip.Relationships("").Values.FirstOrDefault(part => part.Type.EndsWith("/core-properties", StringComparison.Ordinal)).Path;
        using XmlPart? properties = zip.TryOpenXml(path ?? "docProps/core.xml");
        while (properties?.Read() == true)
        {
            if (properties.IsStart("title"))
                return OneLine.Of(properties.ReadText()) is { Length: > 0 } title ? title : null;
        }

        return null;
    }
}
