using System.Buffers.Text;
using System.Globalization;

namespace RedisInfer.Redis;

/// <summary>
/// Follows the bytes that a server sends, value by value (RESP2 and RESP3), and refuses lengths, counts and nesting that no Redis sends. The
/// client's reader is unsafe code: a length near 2^31 makes it read outside of its buffer, which ends the process. The payload of a string
/// is skipped, so a large value costs nothing.
/// </summary>
internal sealed class AnswerFraming
{
    /// <summary>Largest string in bytes: the default of Redis' <c>proto-max-bulk-len</c>.</summary>
    internal const int MaxStringBytes = 512 << 20;

    /// <summary>Most elements of an aggregate. A manifest of 16 million documents has twice as many fields and values.</summary>
    internal const int MaxElements = 64 << 20;

    /// <summary>Most aggregates in one another. Answers to the commands in use have three.</summary>
    internal const int MaxDepth = 32;

    // The longest number has 20 characters. Big numbers, errors and simple strings have no such limit.
    private const int MaxNumberBytes = 24;

    // Elements that are still to come, of each aggregate that has begun. An attribute precedes a value and is none.
    private readonly Stack<(int Left, bool IsAttribute)> _open = new();
    private readonly byte[] _number = new byte[MaxNumberBytes];
    private int _numberBytes;
    private byte _kind;
    private bool _afterReturn;
    private long _payloadLeft;
    private int _payloadEndLeft;

    /// <summary>Follows the next bytes of a connection.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="IOException">No Redis sends this.</exception>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                int skipped = (int)Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            byte next = bytes[0];
            bytes = bytes[1..];
            if (_payloadEndLeft > 0)
                EndPayload(next);
            else if (_kind == 0)
                Begin(next);
            else
                FollowLine(next);
        }
    }

    private void EndPayload(byte next)
    {
        if (next != (_payloadEndLeft == 2 ? (byte)'\r' : (byte)'\n'))
            throw Refused("a string that does not end where its length says");
        if (--_payloadEndLeft == 0)
            EndValue();
    }

    private void Begin(byte kind)
    {
        if ("+-:$*_#,(!=%~>|"u8.IndexOf(kind) < 0)
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"the byte {kind:X2} where a value begins"));
        _kind = kind;
        _numberBytes = 0;
        _afterReturn = false;
    }

    private void FollowLine(byte next)
    {
        if (_afterReturn)
        {
            if (next != (byte)'\n')
                throw Refused("a line that does not end with CR and LF");
            EndLine();
        }
        else if (next == (byte)'\r')
        {
            _afterReturn = true;
        }
        else if (HasNumber(_kind))
        {
            if (_numberBytes == MaxNumberBytes)
                throw Refused("a length of more than 24 characters");
            _number[_numberBytes++] = next;
        }
    }

    private void EndLine()
    {
        byte kind = _kind;
        _kind = 0;
        if (!HasNumber(kind))
        {
            EndValue();
            return;
        }

        ReadOnlySpan<byte> text = _number.AsSpan(0, _numberBytes);
        if (!Utf8Parser.TryParse(text, out long number, out int used) || used != text.Length || number < -1)
            throw Refused("a length that is no number");
        bool isString = kind is (byte)'$' or (byte)'=' or (byte)'!';
        if (number > (isString ? MaxStringBytes : MaxElements))
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"a {(isString ? "string of" : "list of")} {number} {(isString ? "bytes" : "elements")}"));
        if (number < 0)
            EndValue();
        else if (isString)
            (_payloadLeft, _payloadEndLeft) = (number, 2);
        else
            Open(kind, (int)number);
    }

    private void Open(byte kind, int count)
    {
        bool isAttribute = kind == (byte)'|';
        int elements = isAttribute || kind == (byte)'%' ? 2 * count : count;
        if (_open.Count == MaxDepth)
            throw Refused("lists nested more deeply than in any answer");
        if (elements > 0)
            _open.Push((elements, isAttribute));
        else if (!isAttribute)
            EndValue();
    }

    private void EndValue()
    {
        while (_open.TryPop(out (int Left, bool IsAttribute) inner))
        {
            if (inner.Left > 1)
            {
                _open.Push((inner.Left - 1, inner.IsAttribute));
                return;
            }

            // The value that an attribute describes is still to come.
            if (inner.IsAttribute)
                return;
        }
    }

    private static bool HasNumber(byte kind) => "$*!=%~>|"u8.IndexOf(kind) >= 0;

    private static IOException Refused(string what) => new($"The server sent {what}, which Redis never does. The connection is closed.");
}
