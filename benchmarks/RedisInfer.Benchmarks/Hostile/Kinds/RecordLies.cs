using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using RedisInfer.KvBlocks;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>
/// Changes the records in an answer and makes them plausible again: checksums are computed again, and KV blocks are sealed with the right
/// key. So what decodes a record sees the lie.
/// </summary>
internal static class RecordLies
{
    private const int HeaderBytes = 64;
    private const int ChecksumOffset = 56;
    private const int NameOffset = 48;

    private static KvIdentity? _identity;

    /// <summary>Sets the identity of the KV blocks that the client asks for.</summary>
    public static void Know(KvIdentity identity) => _identity = identity;

    /// <summary>Changes one of the strings in an answer.</summary>
    public static byte[] Change(Random random, byte[] answer)
    {
        List<(int Start, int Bytes, int End)> strings = Find(answer);
        if (strings.Count == 0)
        {
            return OddValues.Damage(random, answer);
        }

        (int start, int bytes, int end) = random.Pick(strings);
        int text = end - 2 - bytes;
        byte[] changed = ChangeOne(random, answer[text..(text + bytes)]);
        return
        [
            .. answer[..start], .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${changed.Length}\r\n")), .. changed, .. "\r\n"u8,
            .. answer[end..],
        ];
    }

    private static List<(int Start, int Bytes, int End)> Find(byte[] answer)
    {
        var found = new List<(int, int, int)>();
        int at = 0;
        while (at < answer.Length)
        {
            int line = answer.AsSpan(at).IndexOf("\r\n"u8);
            if (line < 0)
            {
                break;
            }

            int end = at + line + 2;
            if (answer[at] == '$' && int.TryParse(answer.AsSpan(at + 1, line - 1), CultureInfo.InvariantCulture, out int bytes) && bytes >= 0)
            {
                end += bytes + 2;
                found.Add((at, bytes, end));
            }

            at = end;
        }

        return found;
    }

    private static byte[] ChangeOne(Random random, byte[] value)
    {
        string magic = value.Length < HeaderBytes ? "" : Encoding.ASCII.GetString(value, 0, 4);
        return magic switch
        {
            "RIK1" => ChangeBlock(random, value),
            "RIC1" or "RIW1" or "RIV1" => ChangeRecord(random, value),
            _ => ChangeText(random, value),
        };
    }

    private static byte[] ChangeRecord(Random random, byte[] record)
    {
        byte[] changed = [.. record];
        for (int i = random.Next(3); i >= 0; i--)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(8 + (4 * random.Next((NameOffset - 8) / 4))), OddValues.Int32(random));
                    break;
                case 2 or 3 when changed.Length > HeaderBytes + 4:
                    int at = HeaderBytes + (4 * random.Next((changed.Length - HeaderBytes) / 4));
                    BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(Math.Min(at, changed.Length - 4)), OddValues.Int32(random));
                    break;
                default:
                    byte[] rest = OddValues.Damage(random, changed[HeaderBytes..]);
                    changed = [.. changed[..HeaderBytes], .. rest];
                    break;
            }
        }

        var hash = new XxHash64();
        hash.Append(changed.AsSpan(0, ChecksumOffset));
        hash.Append(changed.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(changed.AsSpan(ChecksumOffset), hash.GetCurrentHashAsUInt64());
        return changed;
    }

    private static byte[] ChangeBlock(Random random, byte[] record)
    {
        if (_identity is not { } identity || record.Length <= KvEnvelope.OverheadBytes)
        {
            return OddValues.Damage(random, record);
        }

        byte[] state = KvStateDamage.Make(random, record[KvEnvelope.HeaderBytes..^KvEnvelope.TagBytes]);
        byte[] changed = new byte[state.Length + KvEnvelope.OverheadBytes];
        state.CopyTo(changed.AsSpan(KvEnvelope.HeaderBytes));
        var key = new KvBlockKey(BinaryPrimitives.ReadUInt128LittleEndian(record.AsSpan(24)));
        KvEnvelope.Seal(
            identity,
            new KvBlock(key, BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(40)),
            BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(44))),
            changed);
        return changed;
    }

    /// <summary>Another number in a text of fields, another field, or another text.</summary>
    private static byte[] ChangeText(Random random, byte[] value)
    {
        string text = Encoding.UTF8.GetString(value);
        string[] fields = text.Split(' ');
        if (random.Chance(.7) && fields.Length > 1)
        {
            int at = random.Next(fields.Length);
            fields[at] = random.Next(6) switch
            {
                0 => "",
                1 => random.Pick(fields),
                2 => OddValues.Text(random, 60),
                3 => $"{OddValues.Integer(random)}:{OddValues.Integer(random)}:{OddValues.Integer(random)}",
                _ => string.Create(CultureInfo.InvariantCulture, $"{OddValues.Integer(random)}"),
            };
            return Encoding.UTF8.GetBytes(string.Join(' ', fields));
        }

        return random.Next(5) switch
        {
            0 => [],
            1 => Encoding.UTF8.GetBytes(OddValues.Text(random, 2000)),
            2 => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{OddValues.Integer(random)}")),
            3 => [.. value, .. value],
            _ => OddValues.Damage(random, value),
        };
    }
}
