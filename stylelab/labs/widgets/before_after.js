// The divider of divider.js, whose line starts anew with each pair of pictures.

function render({ model, el }) {
  const { show, name, reset } = addDivider(el);
  const showNames = () => name(model.get("sides"), model.get("names"));
  return follow(model, el, {
    sides: showNames,
    names: showNames,
    pictures: () => {
      show(model.get("pictures"));
      reset(model.get("first"));
    },
  });
}

export default { render };
