using System.Runtime.CompilerServices;

namespace SocketRelay.Diagnostics;

/// <content>Numbers and times.</content>
internal ref partial struct Utf8LineWriter
{
    /// <summary>A whole number, 0 or more.</summary>
    public void Number(long value)
    {
        if (value < 10 && Length < _destination.Length)
        {
            _destination[Length++] = Digit(value);
            return;
        }
        if (value is >= 10 and < 100 && _destination.Length - Length >= 2)
        {
            WriteTwo((int)value, _destination.Slice(Length, 2));
            Length += 2;
            return;
        }
        if (value is >= 100 and < 1000 && _destination.Length - Length >= 3)
        {
            Span<byte> three = _destination.Slice(Length, 3);
            int hundreds = (int)value / 100;
            WriteTwo((int)value - hundreds * 100, three[1..]);
            three[0] = Digit(hundreds);
            Length += 3;
            return;
        }
        if (value is >= 1000 and < 10_000 && _destination.Length - Length >= 4)
        {
            Span<byte> four = _destination.Slice(Length, 4);
            int hundreds = (int)value / 100;
            WriteTwo((int)value - hundreds * 100, four[2..]);
            WriteTwo(hundreds, four);
            Length += 4;
            return;
        }
        if (Room(DigitsOf((ulong)value)) is { IsEmpty: false } room)
            Write((ulong)value, room);
    }

    /// <summary>Microseconds as milliseconds with three decimals.</summary>
    public void Milliseconds(long microseconds)
    {
        long milliseconds = microseconds / 1000;
        Number(milliseconds);
        if (Room(6) is { IsEmpty: false } room)
        {
            int rest = (int)(microseconds - milliseconds * 1000);
            int hundreds = rest / 100;
            room[5] = (byte)'s';
            room[4] = (byte)'m';
            room[0] = (byte)'.';
            room[1] = Digit(hundreds);
            WriteTwo(rest - hundreds * 100, room[2..]);
        }
    }

    /// <summary>RFC 3339 in UTC with milliseconds: <c>2026-01-31T23:59:59.999Z</c>.</summary>
    /// <param name="unixMs">Unix time in milliseconds, from 0 to the end of the year 9999.</param>
    public void Time(long unixMs)
    {
        SecondText none = default;
        Time(unixMs, ref none);
    }

    /// <summary>The same, where the line before was probably of the same second.</summary>
    /// <param name="unixMs">Unix time in milliseconds, from 0 to the end of the year 9999.</param>
    /// <param name="last">The second that was written last, and then this one.</param>
    public void Time(long unixMs, ref SecondText last)
    {
        const int Bytes = SecondText.Bytes + 4;
        if (Room(Bytes) is not { IsEmpty: false } room)
            return;
        long second = unixMs / 1000;
        int thousandths = (int)(unixMs - second * 1000);
        if (last.IsOf(second))
        {
            last.CopyTo(room);
        }
        else
        {
            WriteSecond(second, room);
            last.Keep(second, room);
        }
        int hundreds = thousandths / 100;
        room[SecondText.Bytes + 3] = (byte)'Z';
        room[SecondText.Bytes] = Digit(hundreds);
        WriteTwo(thousandths - hundreds * 100, room[(SecondText.Bytes + 1)..]);
    }

    private static void WriteSecond(long unixSecond, Span<byte> room)
    {
        "0000-00-00T00:00:00."u8.CopyTo(room);
        int days = (int)(unixSecond / 86_400);
        int second = (int)(unixSecond - days * 86_400L);
        (int year, int month, int day) = DateOf(days);
        int century = year / 100;
        WriteTwo(century, room);
        WriteTwo(year - century * 100, room[2..]);
        WriteTwo(month, room[5..]);
        WriteTwo(day, room[8..]);
        WriteTwo(second / 3600, room[11..]);
        WriteTwo(second / 60 % 60, room[14..]);
        WriteTwo(second % 60, room[17..]);
    }

    private static int DigitsOf(ulong value)
    {
        int digits = 1;
        for (; value >= 10_000; value /= 10_000)
            digits += 4;
        return value < 10 ? digits : value < 100 ? digits + 1 : value < 1000 ? digits + 2 : digits + 3;
    }

    /// <summary>Writes a number that fits into all of <paramref name="room"/>, with zeros before it.</summary>
    private static void Write(ulong value, Span<byte> room)
    {
        int end = room.Length;
        for (; end >= 2; end -= 2)
        {
            ulong rest = value / 100;
            WriteTwo((int)(value - rest * 100), room[(end - 2)..]);
            value = rest;
        }
        if (end == 1)
            room[0] = Digit((long)value);
    }

    /// <summary>Writes a number below 100 as two digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteTwo(int value, Span<byte> room)
    {
        int tens = value * 103 >> 10; // value / 10 for every value below 100
        room[1] = (byte)('0' + value - tens * 10);
        room[0] = (byte)('0' + tens);
    }

    /// <summary>The date of a day, counted from 1970-01-01, in the Gregorian calendar.</summary>
    private static (int Year, int Month, int Day) DateOf(int days)
    {
        // Years that begin in March: a leap day is then the last of its year, and the months before it have the same lengths each year.
        int sinceMarch = days + 719_468; // days from 0000-03-01 to 1970-01-01
        int era = sinceMarch / 146_097; // of 400 years
        int dayOfEra = sinceMarch - era * 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153; // five months have 153 days
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day);
    }

    private static byte Digit(long value) => (byte)('0' + value);
}
