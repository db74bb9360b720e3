-- What a name is found by: in narrow characters, without what is blank or cannot be
-- seen. Two names that a hand-over list takes for one have one key; that they are one,
-- who reads the list decides.
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        translate(name,
            '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
            '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'),
        '[\u0001-\u0020\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u206f\u3000\ufeff\ufff0-\ufffb'
        || '\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]',
        '', 'g')
$$;

CREATE INDEX users_delegates ON users (name_key(display_name)) WHERE NOT disabled AND 'delegate' = ANY (roles);

-- What was merged into a division goes where it goes.
CREATE INDEX divisions_merged ON divisions (merged_into) WHERE merged_into IS NOT NULL;
