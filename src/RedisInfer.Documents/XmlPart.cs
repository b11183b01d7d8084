using System.Text;
using System.Xml;

namespace RedisInfer.Documents;

/// <summary>
/// Reads XML forward. Document types, and with them entities, are refused. Depth, size and time are within the budget. Elements and
/// attributes are known by their local names, because the same formats are written with several namespaces.
/// </summary>
internal sealed class XmlPart : IDisposable
{
    private readonly ReadingBudget _budget;
    private readonly XmlReader _xml;

    /// <summary>Creates a reader.</summary>
    /// <param name="stream">The bytes; disposed of with this object.</param>
    /// <param name="budget">The limits.</param>
    public XmlPart(Stream stream, ReadingBudget budget)
    {
        _budget = budget;
        _xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
            CheckCharacters = false,
        });
    }

    /// <summary>Local name of the element; empty for text.</summary>
    public string Name => _xml.LocalName;

    /// <summary>Whether it is the start of an element without content.</summary>
    public bool IsEmpty => _xml.IsEmptyElement;

    /// <summary>Whether it is text.</summary>
    public bool IsText => _xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace;

    /// <summary>Text, if it is text.</summary>
    public string Text => _xml.Value;

    /// <summary>Whether it is the start of any element.</summary>
    public bool IsAnyStart => _xml.NodeType == XmlNodeType.Element;

    /// <summary>Whether it is the end of any element. An element without content has no end.</summary>
    public bool IsAnyEnd => _xml.NodeType == XmlNodeType.EndElement;

    /// <inheritdoc/>
    public void Dispose() => _xml.Dispose();

    /// <summary>Moves on.</summary>
    /// <returns><see langword="false"/> at the end.</returns>
    public bool Read()
    {
        _budget.Check();
        try
        {
            if (!_xml.Read())
                return false;
        }
        catch (XmlException e) when (e.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new SkippedDocumentException("It declares a document type (DTD), whose entities may expand to any size. Save it without one.");
        }

        _budget.CheckDepth(_xml.Depth);
        return true;
    }

    /// <summary>Whether it is the start of an element of this name.</summary>
    public bool IsStart(string name) => _xml.NodeType == XmlNodeType.Element && _xml.LocalName == name;

    /// <summary>Whether it is the end of an element of this name.</summary>
    public bool IsEnd(string name) => _xml.NodeType == XmlNodeType.EndElement && _xml.LocalName == name;

    /// <summary>An attribute; <see langword="null"/> if there is none.</summary>
    public string? Attribute(string name) => Attribute(name, inNamespace: false);

    /// <summary>An attribute that is in a namespace, such as the id of a relationship; <see langword="null"/> if there is none.</summary>
    public string? QualifiedAttribute(string name) => Attribute(name, inNamespace: true);

    /// <summary>Passes over the rest of this element, so that the next <see cref="Read"/> is after its end.</summary>
    public void Skip()
    {
        if (_xml.IsEmptyElement)
            return;
        int depth = _xml.Depth;
        while (Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
        }
    }

    /// <summary>The text in this element, which is then passed.</summary>
    public string ReadText()
    {
        if (_xml.IsEmptyElement)
            return "";
        var text = new StringBuilder();
        int depth = _xml.Depth;
        while (Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            if (IsText)
                text.Append(Text);
        }

        return text.ToString();
    }

    private string? Attribute(string name, bool inNamespace)
    {
        string? value = null;
        for (bool more = _xml.MoveToFirstAttribute(); more && value is null; more = _xml.MoveToNextAttribute())
        {
            if (_xml.LocalName == name && (!inNamespace || _xml.NamespaceURI.Length > 0))
                value = _xml.Value;
        }

        _xml.MoveToElement();
        return value;
    }
}
