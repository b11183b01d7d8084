using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace RedisInfer.KvBlocks;

/// <summary>
/// The stored form of a block: a header, the state as the engine wrote it, and a keyed seal over both (AES-GMAC, NIST SP 800-38D).
/// docs/REDIS_FORMAT.md has the offsets. Native code trusts the contents of a state, so no state reaches it before every check has passed.
/// </summary>
internal static class KvEnvelope
{
    /// <summary>Bytes before the state. This size keeps the state at the buffer's alignment.</summary>
    internal const int HeaderBytes = 128;

    /// <summary>Bytes of the seal, which follows the state.</summary>
    internal const int TagBytes = 16;

    internal const int OverheadBytes = HeaderBytes + TagBytes;

    private const uint Magic = 0x314B4952; // "RIK1"
    private const ushort Version = 1;
    private const int FingerprintOffset = 8;
    private const int KeyOffset = 24;
    private const int StartOffset = 40;
    private const int CountOffset = 44;
    private const int StateBytesOffset = 48;
    private const int NonceOffset = 56;
    private const int NonceBytes = 12;
    private const int ReservedOffset = 68;

    /// <summary>The state within a record.</summary>
    /// <param name="record">A whole record.</param>
    /// <returns>The bytes that the engine wrote.</returns>
    internal static ReadOnlyMemory<byte> StateOf(ReadOnlyMemory<byte> record) => record[HeaderBytes..^TagBytes];

    /// <summary>Writes header and seal around a state.</summary>
    /// <param name="identity">The identity of the block.</param>
    /// <param name="block">The block.</param>
    /// <param name="record">The record: space for the header, the state, and space for the seal.</param>
    internal static void Seal(KvIdentity identity, in KvBlock block, Span<byte> record)
    {
        Span<byte> header = record[..HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], HeaderBytes);
        BinaryPrimitives.WriteUInt128LittleEndian(header[FingerprintOffset..], identity.Fingerprint);
        BinaryPrimitives.WriteUInt128LittleEndian(header[KeyOffset..], block.Key.Value);
        BinaryPrimitives.WriteInt32LittleEndian(header[StartOffset..], block.Start);
        BinaryPrimitives.WriteInt32LittleEndian(header[CountOffset..], block.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header[StateBytesOffset..], record.Length - OverheadBytes);
        Span<byte> nonce = header.Slice(NonceOffset, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm seal = identity.CreateSeal(block.Key);
        seal.Encrypt(nonce, [], (Span<byte>)[], record[^TagBytes..], record[..^TagBytes]);
    }

    /// <summary>Checks a record.</summary>
    /// <param name="identity">The identity that the block should have.</param>
    /// <param name="block">The block it should be.</param>
    /// <param name="record">The stored bytes.</param>
    /// <returns>What is wrong with it; <see langword="null"/> if it can be trusted.</returns>
    internal static string? Check(KvIdentity identity, in KvBlock block, ReadOnlySpan<byte> record)
    {
        if (record.Length <= OverheadBytes)
            return "it is too short";
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Magic)
            return "it does not begin like a KV block";

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        if (version != Version || BinaryPrimitives.ReadUInt16LittleEndian(record[6..]) != HeaderBytes)
            return string.Create(CultureInfo.InvariantCulture, $"its format version {version} is not supported");
        if (BinaryPrimitives.ReadUInt128LittleEndian(record[FingerprintOffset..]) != identity.Fingerprint)
            return "it was made with another model or other settings";
        if (BinaryPrimitives.ReadUInt128LittleEndian(record[KeyOffset..]) != block.Key.Value)
            return "it is another block";
        if (BinaryPrimitives.ReadInt32LittleEndian(record[StartOffset..]) != block.Start
            || BinaryPrimitives.ReadInt32LittleEndian(record[CountOffset..]) != block.Count)
        {
            return "it holds other positions";
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(record[StateBytesOffset..]) != record.Length - OverheadBytes)
            return "its length does not match its header";
        if (record[ReservedOffset..HeaderBytes].ContainsAnyExcept((byte)0))
            return "reserved bytes of its header are not zero";

        return HasSeal(identity, block, record) ? null : "its seal is broken: it was damaged, or made with another key";
    }

    private static bool HasSeal(KvIdentity identity, in KvBlock block, ReadOnlySpan<byte> record)
    {
        using AesGcm seal = identity.CreateSeal(block.Key);
        try
        {
            seal.Decrypt(record.Slice(NonceOffset, NonceBytes), [], record[^TagBytes..], (Span<byte>)[], record[..^TagBytes]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
