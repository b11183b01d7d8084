using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RedisInfer.Llama.Binding;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// The columns of a <c>llama_batch</c> that have no managed counterpart: for each row, a pointer to its one sequence id. Allocated once
/// per context, so that a decode allocates nothing.
/// </summary>
internal sealed unsafe class LlamaBatchBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _capacity;

    /// <summary>Allocates room for a number of rows.</summary>
    internal LlamaBatchBuffer(int capacity)
        : base(ownsHandle: true)
    {
        _capacity = capacity;
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)capacity, (nuint)(sizeof(int*) + 2 * sizeof(int) + sizeof(sbyte))));
        for (int row = 0; row < capacity; row++)
        {
            Pointers[row] = Sequences + row;
            Counts[row] = 1;
            AllOutputs[row] = 1;
        }
    }

    /// <summary>Sequence id of each row. Must be written before a decode.</summary>
    internal int* Sequences => (int*)(Pointers + _capacity);

    /// <summary>A pointer to the sequence id of each row.</summary>
    internal int** Pointers => (int**)handle;

    /// <summary>1 for each row: the number of its sequences.</summary>
    internal int* Counts => Sequences + _capacity;

    /// <summary>1 for each row: all ask for output.</summary>
    internal sbyte* AllOutputs => (sbyte*)(Counts + _capacity);

    /// <summary>Keeps the memory allocated while a pointer into it is in use.</summary>
    internal HandleUse Use() => new(this);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
