//! Which of the formats that a sound card offers is opened.

use super::Format;

/// How a sound card takes samples, the better the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Encoding {
    U16,
    I16,
    I32,
    F32,
}

/// One of the formats that a sound card offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) channels: usize,
    /// Lowest and highest rate, in Hz.
    pub(super) rates: (u32, u32),
    /// Least and most frames a period, where it says.
    pub(super) period: Option<(u32, u32)>,
    pub(super) encoding: Encoding,
}

/// The format to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) format: Format,
    /// Frames a period to ask for; what comes may be anything.
    pub(super) period: u32,
    pub(super) encoding: Encoding,
    /// The card said which periods it takes, and this one is among them.
    pub(super) period_known: bool,
}

/// Channels that the engine renders at most.
const MOST_CHANNELS: usize = 8;

/// Chooses the offer nearest to `want`: its channels before all, since the engine mixes to those; more of them rather
/// than fewer; then its rate, the engine resampling to any; then the finest samples.
pub(super) fn choose(offers: &[Offer], want: Format) -> Option<Choice> {
    let distance = |offer: &Offer| {
        let fewer = offer.channels < want.channels;
        let rate = nearest(offer, want).abs_diff(want.sample_rate);
        (fewer, offer.channels.abs_diff(want.channels), rate, std::cmp::Reverse(offer.encoding))
    };
    let offer = offers
        .iter()
        .filter(|offer| (1..=MOST_CHANNELS).contains(&offer.channels) && 0 < offer.rates.1)
        .min_by_key(|offer| distance(offer))?;
    let sample_rate = nearest(offer, want);
    // 10 ms: on every system tried, the least that came without gaps on a loaded machine.
    let period = (sample_rate / 100).max(1);
    let (least, most) = offer.period.unwrap_or((period, period));
    Some(Choice {
        format: Format { sample_rate, channels: offer.channels },
        period: period.min(most).max(least).max(1),
        encoding: offer.encoding,
        period_known: offer.period.is_some(),
    })
}

fn nearest(offer: &Offer, want: Format) -> u32 {
    want.sample_rate.min(offer.rates.1).max(offer.rates.0).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANT: Format = Format { sample_rate: 48_000, channels: 2 };

    fn offer(channels: usize, rates: (u32, u32), encoding: Encoding) -> Offer {
        Offer { channels, rates, period: Some((1, 100_000)), encoding }
    }

    fn chosen(offers: &[Offer]) -> (usize, u32, Encoding) {
        let choice = choose(offers, WANT).unwrap();
        (choice.format.channels, choice.format.sample_rate, choice.encoding)
    }

    #[test]
    fn what_is_wanted_is_chosen_with_the_finest_samples() {
        let all = [
            offer(1, (8_000, 192_000), Encoding::F32),
            offer(2, (8_000, 192_000), Encoding::I16),
            offer(2, (8_000, 192_000), Encoding::F32),
            offer(2, (44_100, 44_100), Encoding::F32),
        ];
        assert_eq!(chosen(&all), (2, 48_000, Encoding::F32));
        let finer = [Encoding::U16, Encoding::I16, Encoding::I32, Encoding::F32];
        let offers = finer.map(|encoding| offer(2, (8_000, 192_000), encoding));
        for (last, &encoding) in finer.iter().enumerate() {
            assert_eq!(chosen(&offers[..=last]), (2, 48_000, encoding));
        }
    }

    #[test]
    fn channels_come_before_the_rate_and_more_before_fewer() {
        let mono = offer(1, (48_000, 48_000), Encoding::F32);
        let stereo = offer(2, (44_100, 44_100), Encoding::I16);
        let quad = offer(4, (48_000, 48_000), Encoding::F32);
        assert_eq!(chosen(&[mono.clone(), stereo, quad.clone()]), (2, 44_100, Encoding::I16));
        assert_eq!(chosen(&[mono.clone(), quad]), (4, 48_000, Encoding::F32));
        assert_eq!(chosen(&[mono]), (1, 48_000, Encoding::F32));
    }

    #[test]
    fn more_channels_than_are_rendered_are_no_offer() {
        assert_eq!(choose(&[offer(32, (48_000, 48_000), Encoding::F32)], WANT), None);
        assert_eq!(choose(&[], WANT), None);
    }

    #[test]
    fn the_period_is_ten_milliseconds_or_the_nearest_there_is() {
        let with = |period| Offer { period, ..offer(2, (48_000, 48_000), Encoding::F32) };
        let period = |range| choose(&[with(range)], WANT).map(|choice| (choice.period, choice.period_known));
        assert_eq!(period(None), Some((480, false)));
        assert_eq!(period(Some((16, 4_096))), Some((480, true)));
        assert_eq!(period(Some((512, 4_096))), Some((512, true)));
        assert_eq!(period(Some((16, 256))), Some((256, true)));
    }
}
