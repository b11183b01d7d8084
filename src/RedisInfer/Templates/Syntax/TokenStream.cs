using System.Runtime.CompilerServices;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates.Syntax;

/// <summary>The tokens of a template, and the place that the parser has reached.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private const int MaxDepth = 200;

    private int _at;
    private int _depth;

    /// <summary>The next token.</summary>
    public Token Current => tokens[_at];

    /// <summary>Takes the next token.</summary>
    public Token Take() => Current.Kind == TokenKind.End ? Current : tokens[_at++];

    /// <summary>Whether the next token is this name or operator.</summary>
    public bool Is(string text) => Is(Current, text);

    /// <summary>Whether the next two tokens are these.</summary>
    public bool Are(string text, string next) => Is(text) && Is(tokens[Math.Min(_at + 1, tokens.Count - 1)], next);

    /// <summary>Whether the next token is of a kind.</summary>
    public bool Is(TokenKind kind) => Current.Kind == kind;

    /// <summary>Takes the next token if it is this name or operator.</summary>
    public bool TryTake(string text)
    {
        bool found = Is(text);
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes a name or operator that must be there.</summary>
    public Token Expect(string text) => Is(text) ? Take() : throw Unexpected($"'{text}'");

    /// <summary>Takes a token of a kind that must be there.</summary>
    public Token Expect(TokenKind kind, string wanted) => Is(kind) ? Take() : throw Unexpected(wanted);

    /// <summary>Enters a level of nesting, so that a template cannot overflow the stack.</summary>
    public void Enter()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Error("something is nested too deeply");
    }

    /// <summary>Leaves a level of nesting.</summary>
    public void Leave() => _depth--;

    /// <summary>The error of a token that does not belong here.</summary>
    public TemplateException Unexpected(string wanted) => Error($"expected {wanted}, found {Current.Description}");

    /// <summary>An error at the next token.</summary>
    public TemplateException Error(string message) => new(message, Current.Line);

    private static bool Is(Token token, string text) => token.Kind is TokenKind.Name or TokenKind.Operator && token.Text == text;
}
