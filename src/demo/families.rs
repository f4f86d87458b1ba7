//! The kinds of organisations in a community, with their names and the funders that pay for them.

use super::kinds::OrganizationTheme;

/// A kind of organisation: its possible names, its legal status and the theme of its services.
pub(super) struct OrganizationFamily {
    pub(super) theme: OrganizationTheme,
    pub(super) legal_status: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) about: &'static [&'static str],
}

/// Words that occur in no real organisation or hall of the places, so that no real one is meant.
pub(super) const BRANDS: &[&str] = &[
    "Kingfisher",
    "Lanternlight",
    "Copper Beech",
    "Wayfarer",
    "Honeycomb",
    "Tidewater",
    "Sundial",
    "Bramblewood",
    "Skylark",
    "Quince Tree",
    "Otterwell",
    "Marigold",
    "Thistledown",
    "Redshank",
    "Tinderbox",
    "Weathercock",
    "Applewhite",
    "Silverbirch",
    "Larkspur",
    "Hobnail",
    "Candlewick",
    "Fernhollow",
    "Goldfinch",
    "Patchwork",
];

/// The funders of invented organisations and services.
pub(super) const FUNDERS: &[&str] = &[
    "Council community grant",
    "Lottery community fund",
    "Public health commissioning",
    "Local community foundation",
    "Membership and donations",
    "NHS integrated care board",
];

/// The legal status of most organisations.
pub(super) const CHARITY: &str = "Registered charity";
/// The legal status of social enterprises.
pub(super) const CIC: &str = "Community interest company";

pub(super) static FAMILIES: &[OrganizationFamily] = &[
    OrganizationFamily {
        theme: OrganizationTheme::Ageing,
        legal_status: CHARITY,
        names: &[
            "{brand} Ageing Well, {area}",
            "{brand} Good Neighbours",
            "{brand} Later Life",
            "The {brand} Forum for Pensioners",
        ],
        about: &["a local charity for older people", "run by older people, for older people"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Ageing,
        legal_status: "Unincorporated association",
        names: &["{brand} Parish Fellowship", "{brand} Chapel, {hood}", "The {brand} Circle of {hood}"],
        about: &["a church community that is open to everybody all week"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Families,
        legal_status: CHARITY,
        names: &[
            "{brand} Children's Centre",
            "{brand} Families",
            "{brand} Play Association",
            "{brand} Youth Project, {hood}",
        ],
        about: &[
            "a charity working with families and young people",
            "a project that gives children room to grow",
        ],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Families,
        legal_status: "Local authority",
        names: &["{brand} Family Hub", "{brand} Early Help Team, {area}", "{brand} Youth Team, {area}"],
        about: &["part of the council's services for children and families"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Advice,
        legal_status: CHARITY,
        names: &["{brand} Advice", "{brand} Law Centre", "{brand} Fair Advice, {area}", "{brand} Open Door"],
        about: &[
            "an independent advice charity",
            "a centre where advice is free, confidential and impartial",
        ],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Advice,
        legal_status: CIC,
        names: &["{brand} Learning Works", "{brand} New Start", "{brand} Sanctuary Network"],
        about: &["a not-for-profit that helps people to settle, learn and find work"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Health,
        legal_status: "NHS body",
        names: &[
            "{brand} Community Health",
            "{brand} Primary Care Network",
            "{brand} Health Partnership, {area}",
        ],
        about: &["an NHS organisation serving local people", "responsible for community health services"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Health,
        legal_status: CHARITY,
        names: &["{brand} Minds", "{brand} Counselling Project", "{brand} Harbour", "{brand} Next Chapter"],
        about: &["a charity for better mental health", "a charity that walks alongside people in hard times"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Neighbours,
        legal_status: CHARITY,
        names: &[
            "{brand} Community Association",
            "{brand} Neighbourhood Trust",
            "{brand} Settlement, {hood}",
            "{brand} Kitchen Table",
        ],
        about: &["a community organisation owned by its neighbours", "a charity rooted in its neighbourhood"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Neighbours,
        legal_status: CIC,
        names: &["{brand} Community Kitchen", "{brand} Waste Not", "{brand} Hub, {hood}"],
        about: &["a community interest company that shares food, tools and time"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Support,
        legal_status: CHARITY,
        names: &[
            "{brand} Carers' Centre",
            "{brand} Disability Action",
            "{brand} Side by Side",
            "{brand} Sight and Sound",
        ],
        about: &["a user-led charity", "a charity for carers and disabled people"],
    },
    OrganizationFamily {
        theme: OrganizationTheme::Active,
        legal_status: CIC,
        names: &[
            "{brand} Active, {area}",
            "{brand} Leisure",
            "{brand} Green Spaces, {hood}",
            "{brand} Makers",
        ],
        about: &[
            "a social enterprise that gets people moving and making",
            "a group that cares for green spaces",
        ],
    },
];
