namespace RedisInfer.Templates.Syntax;

/// <summary>Kinds of tokens of a template.</summary>
internal enum TokenKind
{
    /// <summary>The end of the template.</summary>
    End,

    /// <summary>Text outside of tags.</summary>
    Data,

    /// <summary>The beginning of a printed expression.</summary>
    PrintBegin,

    /// <summary>The end of a printed expression.</summary>
    PrintEnd,

    /// <summary>The beginning of a statement.</summary>
    BlockBegin,

    /// <summary>The end of a statement's tag.</summary>
    BlockEnd,

    /// <summary>A name or a keyword.</summary>
    Name,

    /// <summary>A string; its text is decoded.</summary>
    String,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A float.</summary>
    Float,

    /// <summary>An operator or a bracket.</summary>
    Operator,
}
